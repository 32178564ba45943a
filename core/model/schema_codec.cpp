#include "core/model/schema_codec.h"

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace sluice {
namespace {

class Writer {
 public:
  template <typename Number>
  void Put(Number number) {
    static_assert(std::is_trivially_copyable_v<Number>);
    bytes_.append(reinterpret_cast<const char*>(&number), sizeof number);
  }

  void PutSize(std::size_t size) { Put(static_cast<std::uint32_t>(size)); }

  void PutText(std::string_view text) {
    PutSize(text.size());
    bytes_.append(text);
  }

  template <typename Number>
  void PutNumbers(const std::vector<Number>& numbers) {
    PutSize(numbers.size());
    bytes_.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number));
  }

  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// After the first thing that isn't there, everything is empty.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool whole() const { return whole_ && rest_.empty(); }
  bool ok() const { return whole_; }

  template <typename Number>
  Number Get() {
    Number number{};
    const std::string_view bytes = GetBytes(sizeof number);
    if (whole_) std::memcpy(&number, bytes.data(), sizeof number);
    return number;
  }

  // Of things that need a byte each at least.
  std::size_t GetSize() {
    const std::size_t size = Get<std::uint32_t>();
    if (size > rest_.size()) whole_ = false;
    return whole_ ? size : 0;
  }

  std::string GetText() { return std::string(GetBytes(GetSize())); }

  template <typename Number>
  std::vector<Number> GetNumbers() {
    std::vector<Number> numbers(GetSize());
    const std::string_view bytes = GetBytes(numbers.size() * sizeof(Number));
    if (whole_ && !numbers.empty()) std::memcpy(numbers.data(), bytes.data(), bytes.size());
    return numbers;
  }

 private:
  std::string_view GetBytes(std::size_t count) {
    if (count > rest_.size()) whole_ = false;
    if (!whole_) return {};
    const std::string_view bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return bytes;
  }

  std::string_view rest_;
  bool whole_ = true;
};

void PutObject(const SchemaObject& object, Writer& writer) {
  writer.Put(object.id.kind);
  for (const std::string* text : {&object.id.schema, &object.id.parent, &object.id.name, &object.id.signature}) {
    writer.PutText(*text);
  }
  writer.PutSize(object.attributes.size());
  for (const Attribute& attribute : object.attributes) {
    writer.Put(attribute.name);
    writer.PutText(attribute.value);
  }
}

SchemaObject GetObject(Reader& reader) {
  SchemaObject object;
  object.id.kind = reader.Get<ObjectKind>();
  for (std::string* text : {&object.id.schema, &object.id.parent, &object.id.name, &object.id.signature}) {
    *text = reader.GetText();
  }
  object.attributes.resize(reader.GetSize());
  for (Attribute& attribute : object.attributes) {
    attribute.name = reader.Get<AttributeName>();
    attribute.value = reader.GetText();
  }
  return object;
}

}  // namespace

std::string SchemaCodec::Encode(const Schema& schema) {
  Writer writer;
  writer.Put(schema.server_major);
  writer.PutText(schema.home_schema);
  writer.PutText(schema.role);
  writer.PutSize(schema.unmanaged.size());
  for (const UnmanagedObject& object : schema.unmanaged) {
    for (const std::string* text : {&object.kind, &object.name, &object.why}) writer.PutText(*text);
  }
  writer.PutSize(schema.objects_.size());
  for (const SchemaObject& object : schema.objects_) PutObject(object, writer);
  writer.PutNumbers(schema.needs_);
  writer.PutNumbers(schema.needs_begin_);
  writer.PutNumbers(schema.children_);
  writer.PutNumbers(schema.children_begin_);
  return writer.Take();
}

std::optional<Schema> SchemaCodec::Decode(std::string_view bytes) {
  Reader reader(bytes);
  Schema schema;
  schema.server_major = reader.Get<int>();
  schema.home_schema = reader.GetText();
  schema.role = reader.GetText();
  schema.unmanaged.resize(reader.GetSize());
  for (UnmanagedObject& object : schema.unmanaged) {
    for (std::string* text : {&object.kind, &object.name, &object.why}) *text = reader.GetText();
  }
  const std::size_t count = reader.GetSize();
  schema.objects_.reserve(count);
  for (std::size_t i = 0; i < count && reader.ok(); ++i) schema.objects_.push_back(GetObject(reader));
  schema.needs_ = reader.GetNumbers<Schema::Index>();
  schema.needs_begin_ = reader.GetNumbers<std::size_t>();
  schema.children_ = reader.GetNumbers<Schema::Index>();
  schema.children_begin_ = reader.GetNumbers<std::size_t>();
  if (!reader.whole()) return std::nullopt;
  return schema;
}

}  // namespace sluice
