// The system catalogs by their numbers, as pg_depend and pg_description name them, and addresses in them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice {

using Oid = std::uint32_t;

// The first oid that objects get which aren't made by initdb (FirstNormalObjectId in src/include/access/transam.h).
inline constexpr Oid kFirstNormalOid = 16384;

// oids of the catalogs' own rows in pg_class (CATALOG(…) in src/include/catalog/pg_*.h of PostgreSQL 13 to 18).
enum class Catalog : Oid {
  kDefaultPrivileges = 826,
  kType = 1247,
  kAttribute = 1249,
  kFunction = 1255,
  kRelation = 1259,
  kForeignServer = 1417,
  kAccessMethod = 2601,
  kColumnDefault = 2604,
  kCast = 2605,
  kConstraint = 2606,
  kConversion = 2607,
  kLanguage = 2612,
  kNamespace = 2615,
  kOperatorClass = 2616,
  kOperator = 2617,
  kRewrite = 2618,
  kTrigger = 2620,
  kForeignDataWrapper = 2328,
  kOperatorFamily = 2753,
  kExtension = 3079,
  kPolicy = 3256,
  kStatistics = 3381,
  kCollation = 3456,
  kEventTrigger = 3466,
  kTransform = 3576,
  kTextSearchDictionary = 3600,
  kTextSearchParser = 3601,
  kTextSearchConfiguration = 3602,
  kTextSearchTemplate = 3764,
  kPublication = 6104,
  kPublicationRelation = 6106,
  kPublicationNamespace = 6237,
};

// A row of a catalog, or a column of a relation or composite type.
struct CatalogAddress {
  Catalog catalog = Catalog::kRelation;
  Oid oid = 0;
  std::uint32_t column = 0;  // attnum; 0: the whole

  bool operator==(const CatalogAddress&) const = default;
};

struct CatalogAddressHash {
  std::size_t operator()(const CatalogAddress& address) const {
    std::uint64_t value = (static_cast<std::uint64_t>(address.oid) << 32) ^
                          (static_cast<std::uint64_t>(address.catalog) << 12) ^ address.column;
    value *= 0x9e3779b97f4a7c15u;
    return static_cast<std::size_t>(value ^ (value >> 29));
  }
};

}  // namespace sluice
