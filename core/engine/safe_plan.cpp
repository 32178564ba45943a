#include "core/engine/safe_plan.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diff/alterable.h"
#include "core/diff/differ.h"
#include "core/diff/midway.h"
#include "core/engine/early_body.h"
#include "core/engine/replacement.h"
#include "core/engine/safe_form.h"
#include "core/engine/type_change.h"

namespace sluice {
namespace {

// PostgreSQL's own pg_dump does the same.
constexpr std::string_view kUncheckedBodies =
    "-- A function's text names what comes after it.\nSET LOCAL check_function_bodies = off";

// A step of the script before steps are put together to sections.
struct Step {
  std::vector<std::string> up;
  std::vector<std::string> down;
  bool up_in_transaction = true;
  bool down_in_transaction = true;
  bool alone = false;
  std::set<ObjectId> locks;  // tables in use that it locks
  bool glued = false;        // stays with the step before: something that is in use is gone between them
  bool ends = false;         // what it makes can be used only when it is committed: a label of an enum
  bool up_repeats = false;   // where it was cut off it can begin again
  bool down_repeats = false;
};

bool IsTableChild(ObjectKind kind) {
  return kind == ObjectKind::kColumn || IsConstraint(kind) || kind == ObjectKind::kIndex ||
         kind == ObjectKind::kTrigger || kind == ObjectKind::kRule || kind == ObjectKind::kPolicy;
}

// The operation's object, where it is there.
const SchemaObject& ObjectOf(const Operation& operation, const EmitContext& context) {
  return operation.to != Schema::kNone ? context.to[operation.to] : context.from[operation.from];
}

ObjectId TableId(const ObjectId& id) {
  if (IsTableChild(id.kind)) return ParentTable(id);
  return {ObjectKind::kTable, id.schema, "", id.name, ""};
}

class Planner {
 public:
  Planner(const Operations& operations, const EmitContext& context, OnlinePolicy policy)
      : operations_(operations),
        inverse_(Inverse(operations)),
        context_(context),
        reversed_(Reversed(context)),
        policy_(policy) {}

  GeneratedScript Plan() {
    FindReplacedTables();
    FindGlue();
    FindReplacements();
    FindTypeChanges();
    AddBeforeSwaps();
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if (glued_[i] == 0) AddBehindSwaps();
      AddOperation(i);
    }
    AddBehindSwaps();
    AddAfterSwaps();
    return Assemble();
  }

 private:
  void FindReplacedTables() {
    for (const Operation& operation : operations_) {
      if (operation.rebuild && ObjectOf(operation, context_).id.kind == ObjectKind::kTable) {
        replaced_.insert(ObjectOf(operation, context_).id);
      }
    }
  }

  // Tables with rows and traffic: they are there before and after.
  bool IsInUse(const ObjectId& table) const {
    return context_.from.Find(table) != Schema::kNone && context_.to.Find(table) != Schema::kNone &&
           !replaced_.contains(table);
  }

  // From the step that takes something away to the step that brings it back all is one transaction, but for indexes and
  // constraints, which nobody asks for by name.
  void FindGlue() {
    glued_.assign(operations_.size(), 0);
    std::map<ObjectId, std::size_t> opened;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const Operation& operation = operations_[i];
      const ObjectId& id = ObjectOf(operation, context_).id;
      if (IsConstraint(id.kind) || id.kind == ObjectKind::kIndex) continue;
      const bool opens = operation.kind == OperationKind::kUnset || operation.kind == OperationKind::kSetAside ||
                         (operation.kind == OperationKind::kDrop && operation.rebuild);
      const bool closes = operation.kind == OperationKind::kSet || operation.kind == OperationKind::kDropAside ||
                          (operation.kind == OperationKind::kCreate && operation.rebuild);
      if (opens) opened.emplace(id, i);
      const auto open = opened.find(id);
      if (!closes || open == opened.end()) continue;
      std::fill(glued_.begin() + static_cast<std::ptrdiff_t>(open->second) + 1,
                glued_.begin() + static_cast<std::ptrdiff_t>(i) + 1, 1);
      inside_.resize(operations_.size(), 0);
      std::fill(inside_.begin() + static_cast<std::ptrdiff_t>(open->second),
                inside_.begin() + static_cast<std::ptrdiff_t>(i) + 1, 1);
      opened.erase(open);
    }
    inside_.resize(operations_.size(), 0);
  }

  // The halves of a rebuild come together at the place of the second one, unless something between them touches what
  // the old one stands on.
  void FindReplacements() {
    replacements_.resize(operations_.size());
    kept_.assign(operations_.size(), 0);
    if (policy_ == OnlinePolicy::kNever) return;
    std::map<Schema::Index, std::size_t> drops;  // by place in `from`
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const Operation& operation = operations_[i];
      if (!operation.rebuild || inside_[i] || !IsInUse(TableId(ObjectOf(operation, context_).id))) continue;
      if (operation.kind == OperationKind::kDrop) drops.emplace(operation.from, i);
      const auto drop = drops.find(operation.from);
      if (operation.kind != OperationKind::kCreate || drop == drops.end() || IsTouched(drop->second, i)) continue;
      replacements_[i] = FindReplacement(operations_[drop->second], operation, context_);
      kept_[drop->second] = replacements_[i].has_value();
    }
  }

  bool IsTouched(std::size_t drop, std::size_t create) const {
    const auto& needs = context_.from.Needs(operations_[drop].from);
    return std::any_of(operations_.begin() + static_cast<std::ptrdiff_t>(drop) + 1,
                       operations_.begin() + static_cast<std::ptrdiff_t>(create), [&](const Operation& between) {
                         return std::find(needs.begin(), needs.end(), between.from) != needs.end();
                       });
  }

  void FindTypeChanges() {
    type_changes_.resize(operations_.size());
    if (policy_ == OnlinePolicy::kNever) return;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const Operation& operation = operations_[i];
      const ObjectId& id = ObjectOf(operation, context_).id;
      if (operation.kind != OperationKind::kAlter || id.kind != ObjectKind::kColumn || !IsInUse(TableId(id))) continue;
      type_changes_[i] = FindTypeChange(operations_, i, context_, policy_, WayBack(i));
    }
  }

  // What is done beside the traffic comes before everything else, so that nothing that is taken away for the swap is
  // missed for long. What stands of the revision has to be the beginning of the way up, or of the way back, whichever
  // was cut off, and where that stopped: so the preparations of the way back pair with what follows the swap, and what
  // ends either way stands outside of both.
  void AddBeforeSwaps() {
    for (const auto& change : type_changes_) {
      if (change && change->up) AddBeside({}, change->down->finish, {});
    }
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const std::optional<TypeChange>& change = type_changes_[i];
      if (!change || !change->up) continue;
      const std::set<ObjectId> locks = Locks(operations_[i]);
      steps_.push_back({change->up->begin, Leave(*change->up), true, true, true, locks});
      AddBeside(change->up->prepare, {}, locks);
    }
  }

  void AddBehindSwaps() {
    for (const std::size_t i : swapped_) {
      const ColumnSwap& down = *type_changes_[i]->down;
      const std::set<ObjectId> locks = Locks(operations_[i]);
      AddBeside({}, down.prepare, locks);
      steps_.push_back({Leave(down), down.begin, true, true, true, locks});
    }
    swapped_.clear();
  }

  void AddAfterSwaps() {
    for (const auto& change : type_changes_) {
      if (change && change->up) AddBeside(change->up->finish, {}, {});
    }
  }

  // Each of the statements is a transaction of its own, and can begin again where it was cut off.
  void AddBeside(const std::vector<std::string>& up, const std::vector<std::string>& down,
                 const std::set<ObjectId>& locks) {
    Step step{up, down, up.empty(), down.empty(), true, locks};
    step.up_repeats = !up.empty();
    step.down_repeats = !down.empty();
    steps_.push_back(std::move(step));
  }

  static void CommentOn(const TypeChange& change, std::vector<std::string>& up, std::vector<std::string>& down) {
    up = Commented(change.up_comment, std::move(up));
    down = Commented(change.down_comment, std::move(down));
  }

  static std::vector<std::string> Leave(const ColumnSwap& swap) {
    return Commented("What is left of the other way where that was cut off; else nothing.", swap.leave);
  }

  // The old column goes, and the new one has its name: all in a moment.
  Step SwapStep(const Operation& operation, const TypeChange& change) const {
    Step step;
    step.up = Commented(LossComment(DataLoss(operation, context_.from, context_.to)), change.up->swap);
    step.down = Commented(LossComment(DataLoss(Inverse(operation), context_.to, context_.from)), change.down->swap);
    step.locks = Locks(operation);
    step.locks.insert(change.up->locks.begin(), change.up->locks.end());
    return step;
  }

  void AddReplacement(const Replacement& replacement, const std::set<ObjectId>& locks) {
    if (replacement.rename.empty()) return AddSwap(replacement.old, replacement.make, locks);
    steps_.push_back({{"-- The old one serves until the new one is there.\n" + replacement.rename},
                      {replacement.rename_back},
                      true,
                      true,
                      false,
                      locks});
    AddMade(replacement.make.steps, locks);
    AddTaken(replacement.old, locks, "");
  }

  // The first step of each makes it; what comes after that has sections of its own, on either way.
  void AddSwap(const OnlineForm& old, const OnlineForm& made, const std::set<ObjectId>& locks) {
    for (auto step = old.steps.rbegin(); step + 1 != old.steps.rend(); ++step) {
      steps_.push_back({{}, Commented(step->why, step->make), true, step->make_in_transaction, step->alone, locks});
    }
    const auto replace = [](const OnlineForm& gone, const OnlineForm& comes) {
      std::vector<std::string> statements = gone.drop;
      const OnlineStep& first = comes.steps.front();
      for (std::string& statement : Commented(first.why, first.make)) statements.push_back(std::move(statement));
      return statements;
    };
    steps_.push_back({replace(old, made), replace(made, old), true, true, false, locks});
    AddMade({made.steps.begin() + 1, made.steps.end()}, locks);
  }

  void AddOperation(std::size_t i) {
    if (kept_[i]) return;
    const Operation& operation = operations_[i];
    if (replacements_[i]) return AddReplacement(*replacements_[i], Locks(operation));
    const ObjectId table = TableId(ObjectOf(operation, context_).id);
    const bool is_swapped = type_changes_[i] && type_changes_[i]->up;
    if (policy_ != OnlinePolicy::kNever && !inside_[i] && IsInUse(table) && !is_swapped) {
      const std::set<ObjectId> locks = Locks(operation);
      if (auto form = FindOnlineForm(operation, context_)) {
        if (type_changes_[i]) CommentOn(*type_changes_[i], form->steps.front().make, form->steps.front().take);
        return AddMade(form->steps, locks);
      }
      if (const auto form = FindOnlineForm(Inverse(operation), reversed_)) {
        return AddTaken(*form, locks, DataLoss(operation, context_.from, context_.to));
      }
    }
    if (policy_ != OnlinePolicy::kNever && JoinsTableInUse(operation)) return AddPartition(i);
    const std::optional<TypeChange>& change = type_changes_[i];
    if (is_swapped) swapped_.push_back(i);
    Step step = is_swapped ? SwapStep(operation, *change) : PlainStep(i);
    if (change) CommentOn(*change, step.up, step.down);
    if (BodyComesEarly(operations_, i, context_.to)) LeaveBodiesUnchecked(step.up);
    if (BodyComesEarly(inverse_, inverse_.size() - 1 - i, context_.from)) LeaveBodiesUnchecked(step.down);
    step.glued = glued_[i] != 0;
    steps_.push_back(std::move(step));
  }

  static void LeaveBodiesUnchecked(std::vector<std::string>& statements) {
    statements.emplace(statements.begin(), kUncheckedBodies);
  }

  bool JoinsTableInUse(const Operation& operation) const {
    if (operation.kind != OperationKind::kCreate || operation.rebuild) return false;
    if (!context_.to[operation.to].Has(AttributeName::kPartitionOf) || !operation.changes.empty()) return false;
    const auto& needs = context_.to.Needs(operation.to);
    return std::any_of(needs.begin(), needs.end(), [&](Schema::Index needed) {
      return context_.to[needed].Has(AttributeName::kPartitionKey) && IsInUse(context_.to[needed].id);
    });
  }

  // PARTITION OF takes the strongest lock of the parent, ATTACH one that lets everybody read and write (ALTER TABLE).
  void AddPartition(std::size_t i) {
    const Operation& operation = operations_[i];
    Operation create = operation;
    create.changes = {AttributeName::kPartitionOf};
    Operation attach;
    attach.kind = OperationKind::kSet;
    attach.to = operation.to;
    attach.changes = {AttributeName::kPartitionOf};
    Step step = PlainStep(i);
    step.up.clear();
    for (const Operation& part : {create, attach})
      Append(EmitOperation(part, context_), "", step.up, step.up_in_transaction);
    steps_.push_back(std::move(step));
  }

  std::set<ObjectId> Locks(const Operation& operation) const {
    std::set<ObjectId> locks;
    const auto add = [&](const ObjectId& table) {
      if (IsInUse(table)) locks.insert(table);
    };
    const auto add_object = [&](const Schema& schema, Schema::Index i) {
      add(TableId(schema[i].id));
      if (schema[i].id.kind != ObjectKind::kForeignKey) return;
      // The table it refers to is locked too.
      for (const Schema::Index needed : schema.Needs(i)) add(TableId(schema[needed].id));
    };
    const Schema& schema = operation.to != Schema::kNone ? context_.to : context_.from;
    add_object(schema, operation.to != Schema::kNone ? operation.to : operation.from);
    const Schema& of_parts = SchemaOfParts(operation, context_.from, context_.to);
    for (const Schema::Index part : operation.parts) add_object(of_parts, part);
    return locks;
  }

  static std::string LossComment(const std::string& loss) { return loss.empty() ? "" : "Loses data: " + loss + "."; }

  static void Append(const std::vector<SqlStatement>& statements, const std::string& loss,
                     std::vector<std::string>& texts, bool& in_transaction) {
    for (const SqlStatement& statement : statements) {
      texts.push_back(statement.text);
      in_transaction = in_transaction && statement.in_transaction;
    }
    texts = Commented(LossComment(loss), std::move(texts));
  }

  bool GoesBackInPlace(const Operation& operation) const {
    if (operation.kind != OperationKind::kAlter) return true;
    return std::all_of(operation.changes.begin(), operation.changes.end(), [&](AttributeName name) {
      return HowChanged(context_.to[operation.to], context_.from[operation.from], name, context_.server_major) <=
             Change::kDisturbing;
    });
  }

  // The statements of a difference of its own.
  std::vector<SqlStatement> PlanBack(const Schema& changed, const Schema& before,
                                     const std::vector<Difference>& differences) const {
    const EmitContext back{changed, before, context_.server_major, context_.owners};
    std::vector<SqlStatement> statements;
    for (const Operation& step : PlanOperations(changed, before, differences)) {
      for (SqlStatement& statement : EmitOperation(step, back)) statements.push_back(std::move(statement));
    }
    return statements;
  }

  // What went with an object doesn't all come back with it: indexes, triggers and the like have statements of their
  // own.
  static bool TakesMoreThanComesBack(const Operation& operation) {
    return operation.kind == OperationKind::kDrop && !operation.parts.empty() && operation.changes.empty() &&
           operation.parts_without_default.empty();
  }

  std::vector<SqlStatement> MakeAgain(const Operation& operation) const {
    Schema nothing;
    nothing.home_schema = context_.from.home_schema;
    nothing.server_major = context_.from.server_major;
    std::vector<Difference> created{{Schema::kNone, operation.from, {}}};
    for (const Schema::Index part : operation.parts) created.push_back({Schema::kNone, part, {}});
    std::sort(created.begin(), created.end(), [](const auto& a, const auto& b) { return a.to < b.to; });
    return PlanBack(nothing, context_.from, created);
  }

  // A label that an enum gets can't be taken from it again, a default that an argument gets neither.
  std::vector<SqlStatement> WayBack(std::size_t i) const {
    const Operation& operation = operations_[i];
    if (TakesMoreThanComesBack(operation)) return MakeAgain(operation);
    if (GoesBackInPlace(operation)) return EmitOperation(Inverse(operation), reversed_);
    // What depends on it depends on where the plan is.
    const Schema before = SchemaBefore(operations_, i, context_.from, context_.to);
    const Schema::Index place = before.Find(context_.to[operation.to].id);
    Schema changed = before;
    for (const AttributeName name : operation.changes) {
      changed.Set(place, name, std::string(context_.to[operation.to].Get(name)));
    }
    return PlanBack(changed, before, {{place, place, operation.changes}});
  }

  Step PlainStep(std::size_t i) const {
    const Operation& operation = operations_[i];
    Step step;
    const std::vector<SqlStatement> up = EmitOperation(operation, context_);
    step.ends = std::any_of(up.begin(), up.end(), [](const auto& statement) { return statement.usable_after_commit; });
    Append(up, DataLoss(operation, context_.from, context_.to), step.up, step.up_in_transaction);
    Append(WayBack(i), DataLoss(Inverse(operation), context_.to, context_.from), step.down, step.down_in_transaction);
    if (policy_ != OnlinePolicy::kNever) step.locks = Locks(operation);
    return step;
  }

  static std::vector<std::string> Commented(const std::string& comment, std::vector<std::string> statements) {
    if (!comment.empty() && !statements.empty()) statements.front().insert(0, "-- " + comment + "\n");
    return statements;
  }

  void AddMade(const std::vector<OnlineStep>& steps, const std::set<ObjectId>& locks) {
    for (const OnlineStep& made : steps) {
      steps_.push_back({Commented(made.why, made.make), made.take, made.make_in_transaction, made.take_in_transaction,
                        made.alone, locks});
    }
  }

  // What goes in one step and comes back in several: the steps pair with sections that have nothing to do on the way
  // up, in front of the one that does it, so that a run that stops between them is taken back rightly.
  void AddTaken(const OnlineForm& form, const std::set<ObjectId>& locks, const std::string& loss) {
    for (auto made = form.steps.rbegin(); made != form.steps.rend(); ++made) {
      const bool last = made + 1 == form.steps.rend();
      steps_.push_back({last ? Commented(LossComment(loss), form.drop) : std::vector<std::string>{},
                        Commented(made->why, made->make), last ? form.drop_in_transaction : true,
                        made->make_in_transaction, made->alone, locks});
    }
  }

  static bool Join(const Step& step, const SectionPair& section, const std::set<ObjectId>& locks, bool alone) {
    if (step.up_in_transaction != section.upgrade_in_transaction ||
        step.down_in_transaction != section.downgrade_in_transaction) {
      return false;
    }
    if (step.glued) return true;
    if (step.alone || alone) return false;
    std::set<ObjectId> together = locks;
    together.insert(step.locks.begin(), step.locks.end());
    return together.size() <= 1 || together == locks || together == step.locks;
  }

  GeneratedScript Assemble() {
    GeneratedScript script;
    std::set<ObjectId> locks;
    bool alone = false;
    bool ended = false;
    for (Step& step : steps_) {
      if (step.up.empty() && step.down.empty()) continue;
      if (script.sections.empty() || ended || !Join(step, script.sections.back(), locks, alone)) {
        SectionPair& section = script.sections.emplace_back();
        section.upgrade_in_transaction = step.up_in_transaction;
        section.downgrade_in_transaction = step.down_in_transaction;
        section.upgrade_repeats = step.up_repeats;
        section.downgrade_repeats = step.down_repeats;
        locks.clear();
        alone = step.alone;
      }
      ended = step.ends;
      SectionPair& section = script.sections.back();
      locks.insert(step.locks.begin(), step.locks.end());
      std::move(step.up.begin(), step.up.end(), std::back_inserter(section.upgrade));
      section.downgrade.insert(section.downgrade.begin(), std::make_move_iterator(step.down.begin()),
                               std::make_move_iterator(step.down.end()));
    }
    for (SectionPair& section : script.sections) {
      SayOnce(section.upgrade);
      SayOnce(section.downgrade);
    }
    return script;
  }

  // The setting holds to the end of the transaction.
  static void SayOnce(std::vector<std::string>& statements) {
    const auto first = std::find(statements.begin(), statements.end(), kUncheckedBodies);
    if (first == statements.end()) return;
    statements.erase(std::remove(first + 1, statements.end(), kUncheckedBodies), statements.end());
  }

  const Operations& operations_;
  const Operations inverse_;  // the way back
  const EmitContext& context_;
  const EmitContext reversed_;
  const OnlinePolicy policy_;
  std::set<ObjectId> replaced_;
  std::vector<char> glued_;   // by operation: it stays with the one before
  std::vector<char> inside_;  // by operation: something is gone before it, or comes back with it
  std::vector<char> kept_;    // by operation: it waits for the one that has its replacement
  std::vector<std::optional<Replacement>> replacements_;  // by operation
  std::vector<std::optional<TypeChange>> type_changes_;   // by operation: of a table in use, which is written anew
  std::vector<std::size_t> swapped_;                      // those whose way back isn't prepared yet
  std::vector<Step> steps_;
};

}  // namespace

GeneratedScript PlanScript(const Operations& operations, const EmitContext& context, OnlinePolicy policy) {
  return Planner(operations, context, policy).Plan();
}

}  // namespace sluice
