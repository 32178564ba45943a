// The text of a declared model, made ready for the server: psql's lines that pg_dump writes and the data of COPY are
// blanked out (so that every position stays what it was), and the statements are told apart. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/script.h"
#include "core/sql/model_statement.h"

namespace sluice {

// Something in a model that was accepted without doing what it says.
struct ModelNote {
  std::string file;
  int line = 0;
  std::string message;
};

struct ModelStatement {
  Statement range;
  ModelStatementKind kind = ModelStatementKind::kSchema;
};

struct ModelText {
  std::string file;  // as the user would name it
  std::string text;
  std::vector<ModelStatement> statements;
  std::vector<ModelNote> notes;
};

// Errors, kModel with file and line, all of the file at once (`also`): what can't be cut into statements, psql's
// commands (but \restrict and \unrestrict), statements that have no place in a model.
Result<ModelText> ReadModelText(std::string file, std::string text);

// DROP statements lose their place: of what does not exist yet (`pg_dump --clean --if-exists`) they are ignored.
// Errors, kModel: a DROP of what an earlier statement of the models made (both places are named), a DROP without IF
// EXISTS.
Status SettleDrops(std::vector<ModelText>& models);

// The statement before `before` (in the order of the models) that makes the same object; empty when there is none.
struct ModelPlace {
  std::size_t model = 0;
  std::size_t statement = 0;
};
std::string FindMaker(const std::vector<ModelText>& models, const ModelObject& object, ModelPlace before);

}  // namespace sluice
