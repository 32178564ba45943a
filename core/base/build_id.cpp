#include "core/base/build_id.h"

#include <elf.h>
#include <link.h>

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

// The program itself comes first (dl_iterate_phdr(3)).
int FindInProgram(dl_phdr_info* program, std::size_t /*size*/, void* found) {
  for (int i = 0; i < program->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = program->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE || segment.p_align > kAlignment) continue;
    const auto* notes = reinterpret_cast<const unsigned char*>(program->dlpi_addr + segment.p_vaddr);
    std::string id = FindInNotes(notes, segment.p_memsz);
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
