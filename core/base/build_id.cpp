#include "core/base/build_id.h"

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

namespace sluice {
namespace {

constexpr std::size_t kAlignment = 4;

std::size_t Aligned(std::size_t size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

std::string HexDigits(const unsigned char* bytes, std::size_t count) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

// A note is a header, its name (`GNU`) and its bytes (elf(5)).
std::string FindInNotes(const unsigned char* notes, std::size_t size) {
  std::size_t at = 0;
  while (at + sizeof(ElfW(Nhdr)) <= size) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes + at, sizeof note);
    const std::size_t name = at + sizeof note;
    const std::size_t bytes = name + Aligned(note.n_namesz);
    if (bytes + note.n_descsz > size) break;
    const bool is_gnu = note.n_namesz == sizeof ELF_NOTE_GNU && std::memcmp(notes + name, ELF_NOTE_GNU, 4) == 0;
    if (note.n_type == NT_GNU_BUILD_ID && is_gnu) return HexDigits(notes + bytes, note.n_descsz);
    at = bytes + Aligned(note.n_descsz);
  }
  return {};
}

// The program itself comes first (dl_iterate_phdr(3)). Its table of segments is one of them (PT_PHDR), from which the
// others are found.
int FindInProgram(dl_phdr_info* program, std::size_t /*size*/, void* found) {
  const ElfW(Phdr)* const segments = program->dlpi_phdr;
  const ElfW(Phdr)* const end = segments + program->dlpi_phnum;
  const ElfW(Phdr)* const table = std::find_if(segments, end, [](const auto& one) { return one.p_type == PT_PHDR; });
  if (table == end) return 1;
  const auto* const begin = reinterpret_cast<const unsigned char*>(segments);
  for (const ElfW(Phdr)* segment = segments; segment != end; ++segment) {
    if (segment->p_type != PT_NOTE || segment->p_align > kAlignment) continue;
    const unsigned char* const notes = begin + static_cast<std::ptrdiff_t>(segment->p_vaddr - table->p_vaddr);
    std::string id = FindInNotes(notes, segment->p_memsz);
    if (!id.empty()) *static_cast<std::string*>(found) = std::move(id);
  }
  return 1;
}

}  // namespace

std::string BuildId() {
  std::string id;
  dl_iterate_phdr(FindInProgram, &id);
  return id;
}

}  // namespace sluice
