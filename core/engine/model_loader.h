// Runs the statements of models in any order: first in the order in which they stand, as long as that goes well, then
// in the order that their names suggest; what fails is tried again, in rounds, until a round leads to nothing.
// Statements travel together, many in a message, as long as they succeed.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/db/pg_session.h"
#include "core/engine/interrupt.h"
#include "core/sql/model_text.h"

namespace sluice {

struct ModelLoaderOptions {
  std::string setup;            // statements that bring the session into the state in which each file begins
  bool may_make_roles = false;  // the server is ours alone: roles that are missing are made
  std::string server;           // how errors name the server: `the configured server`
};

class ModelLoader {
 public:
  // The session is connected to the empty database, and does nothing else afterwards. Everything outlives the loader.
  ModelLoader(ScriptSession& session, const std::vector<ModelText>& models, const ModelLoaderOptions& options,
              const Interrupt& interrupt);

  // The notes of what was left out. Errors: as LoadModels.
  Result<std::vector<ModelNote>> Run();

 private:
  // A statement to run, and how it failed the last time.
  struct Item {
    ModelPlace place;
    std::size_t settings = 0;  // settings of its file that stand before it
    MessageFailure failure;    // its position counts from the beginning of the statement
  };

  const ModelText& ModelOf(const Item& item) const { return models_[item.place.model]; }
  const ModelStatement& StatementOf(const Item& item) const { return ModelOf(item).statements[item.place.statement]; }
  std::string_view TextOf(const Item& item) const;

  void PutInLikelyOrder(std::vector<Item>& items, std::size_t begin) const;
  static bool InSameContext(const Item& a, const Item& b);
  Status RunRound(const std::vector<Item>& items);
  Status EnterContext(const Item& item);
  Status RunSetting(const Item& item);
  Status RunTogether(std::vector<Item> items);
  void NoteExisting(const std::vector<Item>& items, std::size_t begin, std::size_t end);
  Status Fail(Item item, MessageFailure failure);
  Result<bool> MakeMissingRoles(const Item& item);
  bool Forgive(const Item& item, const MessageFailure& failure);
  Result<MessageOutcome> Send(const std::string& message);
  void Note(const Item& item, std::string message);
  Error Report() const;
  Error Describe(const Item& item) const;

  ScriptSession& session_;
  const std::vector<ModelText>& models_;
  const ModelLoaderOptions& options_;
  const Interrupt& interrupt_;

  std::vector<Item> pending_;  // failed in this round
  std::vector<ModelNote> notes_;
  bool existed_ = false;  // the server told of a relation that existed already, and was left as it is
  // The state of the session: the settings that were run since it was set up.
  bool fresh_ = false;
  std::size_t model_ = 0;
  std::size_t settings_ = 0;
};

}  // namespace sluice
