// Random schemas: every step of a plan finds what it needs, and so does every step of its inverse on the way back.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/diff/attribute_needs.h"
#include "core/diff/differ.h"
#include "core/diff/difference_text.h"
#include "core/diff/midway.h"
#include "tests/unit/diff/schema_text.h"

namespace sluice {
namespace {

using Random = std::mt19937;

// Writes a schema of a few tables, views, functions and types that lean on one another. Cycles are those that
// PostgreSQL allows: foreign keys, functions over row types that defaults use, sequences and their columns.
class RandomSchema {
 public:
  explicit RandomSchema(Random& random) : random_(random) {}

  std::string Write() {
    for (const char* name : {"e0", "e1"}) {
      if (Draw(4) == 0) continue;
      enums_.emplace_back(name);
      Line("enum", name, Draw(2) ? "labels=a~b" : "labels=a");
    }
    for (int i = 0; i < 4; ++i) {
      if (Draw(4) != 0) tables_.push_back("t" + std::to_string(i));
    }
    for (int i = 0; i < 3; ++i) {
      if (Draw(3) != 0) WriteFunction("f" + std::to_string(i) + "()");
    }
    for (const std::string& table : tables_) WriteTable(table);
    for (int i = 0; i < 4; ++i) {
      if (Draw(3) != 0 && !relations_.empty()) WriteView("v" + std::to_string(i));
    }
    return std::move(text_);
  }

 private:
  int Draw(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  const std::string& Pick(const std::vector<std::string>& names) {
    return names[static_cast<std::size_t>(Draw(static_cast<int>(names.size())))];
  }

  static std::string KeyOf(const std::string& table) { return table + "." + table + "_pkey"; }

  // What an object needs shows in its `shown` attribute, as it does in PostgreSQL.
  void Line(const std::string& kind, const std::string& name, const std::string& attributes,
            const std::vector<std::string>& needs = {}, const std::string& shown = "") {
    text_ += kind + " " + name + " " + attributes;
    std::string list;
    for (const std::string& needed : needs) list += (list.empty() ? "" : ", ") + needed;
    std::string value = list;
    std::replace(value.begin(), value.end(), ' ', '_');
    if (!shown.empty() && !needs.empty()) text_ += " " + shown + "=" + value;
    if (!needs.empty()) text_ += " needs " + list;
    text_ += "\n";
  }

  void WriteFunction(const std::string& name) {
    std::vector<std::string> needs;
    if (!tables_.empty() && Draw(2)) needs.push_back("table " + Pick(tables_));
    if (!enums_.empty() && Draw(2)) needs.push_back("enum " + Pick(enums_));
    Line("function", name, Draw(3) ? "returns=integer" : "returns=bigint", needs, "arguments");
    functions_.push_back("function " + name);
  }

  void WriteTable(const std::string& table) {
    Line("table", table, Draw(3) ? "" : "comment=c");
    Line("column", table + ".id", Draw(4) ? "" : "type=bigint");
    Line("primary_key", KeyOf(table), "", {"column " + table + ".id"});
    relations_.push_back("column " + table + ".id");
    for (int i = 0; i < 3; ++i) {
      const std::string column = table + ".c" + std::to_string(i);
      if (!WriteColumn(table, column)) continue;
      relations_.push_back("column " + column);
      if (Draw(3) == 0)
        Line("index", table + "." + table + "_i" + std::to_string(i), "", {"column " + column}, "columns");
      if (Draw(3) == 0) {
        Line("foreign_key", table + ".fk" + std::to_string(i), "",
             {"column " + column, "primary_key " + KeyOf(Pick(tables_))}, "references");
      }
    }
  }

  bool WriteColumn(const std::string& table, const std::string& column) {
    switch (Draw(7)) {
      case 0:
        return false;
      case 1:
        if (functions_.empty()) return false;
        Line("column", column, "", {Pick(functions_)}, "default");
        break;
      case 2: {
        std::string sequence = column + "_seq";
        std::replace(sequence.begin(), sequence.end(), '.', '_');
        Line("column", column, "default=nextval", {"sequence " + sequence});
        Line("sequence", sequence, "owned_by=" + column, {"column " + column});
        break;
      }
      case 3:
        if (enums_.empty()) return false;
        Line("column", column, "type=" + enums_.back(), {"enum " + enums_.back()});
        break;
      case 4:
        Line("column", column, "", {"column " + table + ".id"}, "generated");
        break;
      default:
        Line("column", column, Draw(2) ? "" : "type=text");
        break;
    }
    return true;
  }

  void WriteView(const std::string& name) {
    std::vector<std::string> needs = {Pick(relations_)};
    if (!functions_.empty() && Draw(3) == 0) needs.push_back(Pick(functions_));
    Line("view", name, "", needs, "definition");
    relations_.push_back("view " + name);
  }

  Random& random_;
  std::string text_;
  std::vector<std::string> tables_;
  std::vector<std::string> relations_;
  std::vector<std::string> enums_;
  std::vector<std::string> functions_;
};

// Follows a plan step by step.
class Follower {
 public:
  Follower(const Schema& from, const Schema& to) : from_(from), to_(to) {
    for (Schema::Index i = 0; i < from.size(); ++i) old_.insert(i);
  }

  void Follow(const Operations& operations) {
    for (const Operation& operation : operations) Take(operation);
    EXPECT_TRUE(std::all_of(old_.begin(), old_.end(), [&](Schema::Index i) {
      return to_.Find(from_[i].id) != Schema::kNone;
    })) << "something is left";
    for (Schema::Index i = 0; i < to_.size(); ++i) EXPECT_TRUE(IsThere(i)) << NameOf(to_[i]) << " is missing";
  }

 private:
  bool IsThere(Schema::Index in_to) const {
    const Schema::Index before = from_.Find(to_[in_to].id);
    return new_.count(in_to) || (before != Schema::kNone && old_.count(before));
  }

  void Take(const Operation& operation) {
    std::vector<Schema::Index> members = operation.parts;
    switch (operation.kind) {
      case OperationKind::kCreate:
      case OperationKind::kSetAside:
        members.push_back(operation.to);
        for (const Schema::Index i : members) new_.insert(i);
        for (const Schema::Index i : members) {
          const bool bare = i != operation.to && std::count(operation.parts_without_default.begin(),
                                                            operation.parts_without_default.end(), i);
          Expect(i, bare                ? std::vector{AttributeName::kDefault}
                    : i == operation.to ? operation.changes
                                        : std::vector<AttributeName>{});
        }
        break;
      case OperationKind::kDrop:
      case OperationKind::kDropAside:
        members.push_back(operation.from);
        for (const Schema::Index i : members) {
          EXPECT_TRUE(old_.erase(i)) << NameOf(from_[i]) << " is dropped twice";
        }
        for (const Schema::Index i : members) ExpectUnused(i);
        break;
      case OperationKind::kAlter:
        EXPECT_TRUE(old_.erase(operation.from)) << NameOf(from_[operation.from]) << " isn't there to be altered";
        new_.insert(operation.to);
        Expect(operation.to, Resets(operation.to));
        break;
      case OperationKind::kUnset:
        unset_[operation.from] = operation.changes;
        if (std::count(operation.changes.begin(), operation.changes.end(), AttributeName::kDefault) == 0) break;
        break;
      case OperationKind::kSet:
        if (operation.from != Schema::kNone && old_.erase(operation.from)) new_.insert(operation.to);
        EXPECT_TRUE(new_.count(operation.to)) << NameOf(to_[operation.to]) << " isn't there to be set";
        Expect(operation.to, {});
        break;
    }
  }

  // What an alteration leaves to a later kSet: it may lack what that needs.
  static std::vector<AttributeName> Resets(Schema::Index) { return {AttributeName::kDefault, AttributeName::kOwnedBy}; }

  void Expect(Schema::Index i, const std::vector<AttributeName>& without) const {
    for (const Schema::Index needed : to_.Needs(i)) {
      if (NeededFor(to_, i, needed, without)) continue;
      EXPECT_TRUE(IsThere(needed)) << NameOf(to_[i]) << " needs " << NameOf(to_[needed]);
    }
  }

  void ExpectUnused(Schema::Index gone) const {
    for (const Schema::Index i : old_) {
      const auto needs = from_.Needs(i);
      if (!std::binary_search(needs.begin(), needs.end(), gone)) continue;
      const auto unset = unset_.find(i);
      const bool free = unset != unset_.end() && NeededFor(from_, i, gone, unset->second);
      EXPECT_TRUE(free) << NameOf(from_[i]) << " still needs " << NameOf(from_[gone]);
    }
  }

  const Schema& from_;
  const Schema& to_;
  std::set<Schema::Index> old_;  // objects as they were
  std::set<Schema::Index> new_;  // objects as they will be
  std::map<Schema::Index, std::vector<AttributeName>> unset_;
};

TEST(PlanProperty, EveryStepFindsWhatItNeedsInBothDirections) {
  for (unsigned seed = 0; seed < 3'000; ++seed) {
    Random random(seed);
    const std::string from_text = RandomSchema(random).Write();
    const std::string to_text = RandomSchema(random).Write();
    const Schema from = SchemaOf(from_text);
    const Schema to = SchemaOf(to_text);
    const Operations plan = PlanOperations(from, to, CompareSchemas(from, to, {}));
    Follower(from, to).Follow(plan);
    Follower(to, from).Follow(Inverse(plan));
    ASSERT_FALSE(HasFailure()) << "seed " << seed << "\nfrom\n"
                               << from_text << "to\n"
                               << to_text << "plan\n"
                               << PlanText(plan, from, to);
  }
}

TEST(PlanProperty, TheSchemaBeforeTheEndOfAPlanIsTheOneAfter) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    Random random(seed);
    const Schema from = SchemaOf(RandomSchema(random).Write());
    const Schema to = SchemaOf(RandomSchema(random).Write());
    const Operations plan = PlanOperations(from, to, CompareSchemas(from, to, {}));
    EXPECT_TRUE(CompareSchemas(SchemaBefore(plan, 0, from, to), from, {}).empty());
    const Schema end = SchemaBefore(plan, plan.size(), from, to);
    EXPECT_TRUE(WithoutPositions(CompareSchemas(end, to, {})).empty()) << "seed " << seed;
  }
}

TEST(PlanProperty, IsTheSameEveryTime) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    Random random(seed);
    const std::string from = RandomSchema(random).Write();
    const std::string to = RandomSchema(random).Write();
    EXPECT_EQ(Plan(from, to), Plan(from, to));
  }
}

TEST(PlanProperty, NothingIsDoneBetweenEqualSchemas) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    Random random(seed);
    const std::string schema = RandomSchema(random).Write();
    EXPECT_EQ(Plan(schema, schema), "");
  }
}

}  // namespace
}  // namespace sluice
