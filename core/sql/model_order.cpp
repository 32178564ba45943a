#include "core/sql/model_order.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/sql/identifier.h"
#include "core/sql/lexer.h"
#include "core/sql/model_statement.h"

namespace sluice {
namespace {

using Makers = std::unordered_map<std::string, std::vector<std::size_t>>;

// Names that only count together with their table's say nothing by themselves.
Makers FindMakers(const std::vector<std::string_view>& statements) {
  Makers makers;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const auto made = MadeObject(statements[i]);
    if (made && made->table.empty()) makers[made->name].push_back(i);
  }
  return makers;
}

bool IsNameByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || byte >= 0x80;
}

// Statements that make one of the names in `statement`.
std::vector<std::size_t> FindNeeds(std::string_view statement, const Makers& makers) {
  std::vector<std::size_t> needs;
  const auto add = [&](const std::string& name) {
    const auto found = makers.find(name);
    if (found != makers.end()) needs.insert(needs.end(), found->second.begin(), found->second.end());
  };
  Lexer lexer(statement, 0, statement.size(), true);
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    const std::string_view text = lexer.Text(token);
    if (token.kind == TokenKind::kWord || token.kind == TokenKind::kQuotedIdentifier) {
      add(StoredName(text));
    } else if (token.kind == TokenKind::kString) {
      for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        while (end < text.size() && IsNameByte(text[end])) ++end;
        if (end > begin) add(std::string(text.substr(begin, end - begin)));
        begin = end + 1;
      }
    }
  }
  std::sort(needs.begin(), needs.end());
  needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
  return needs;
}

// Depth first, what is needed before what needs it; with a stack of its own, as chains are as long as the models.
class Sorter {
 public:
  explicit Sorter(const std::vector<std::string_view>& statements)
      : statements_(statements), makers_(FindMakers(statements)), seen_(statements.size(), false) {}

  std::vector<std::size_t> Run() {
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      Open(i);
      while (!stack_.empty()) {
        Visit& visit = stack_.back();
        if (visit.next < visit.needs.size()) {
          Open(visit.needs[visit.next++]);
        } else {
          order_.push_back(visit.statement);
          stack_.pop_back();
        }
      }
    }
    return std::move(order_);
  }

 private:
  struct Visit {
    std::size_t statement;
    std::vector<std::size_t> needs;
    std::size_t next = 0;
  };

  void Open(std::size_t statement) {
    if (seen_[statement]) return;
    seen_[statement] = true;
    stack_.push_back({statement, FindNeeds(statements_[statement], makers_)});
  }

  const std::vector<std::string_view>& statements_;
  const Makers makers_;
  std::vector<bool> seen_;
  std::vector<Visit> stack_;
  std::vector<std::size_t> order_;
};

}  // namespace

std::vector<std::size_t> OrderByNames(const std::vector<std::string_view>& statements) {
  return Sorter(statements).Run();
}

}  // namespace sluice
