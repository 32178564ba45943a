// How the values of the custom resource's enums are written. The first of a kind that a spec has is its default.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "operator/api/schema_migration.h"

namespace sluice::api {

template <typename Enum>
struct EnumText {
  Enum value;
  std::string_view text;
};

inline constexpr EnumText<OnFailure> kOnFailureTexts[] = {{OnFailure::kDowngrade, "Downgrade"},
                                                          {OnFailure::kHalt, "Halt"}};
inline constexpr EnumText<OnDataLoss> kOnDataLossTexts[] = {{OnDataLoss::kRefuse, "refuse"},
                                                            {OnDataLoss::kAllow, "allow"}};
inline constexpr EnumText<Approval> kApprovalTexts[] = {{Approval::kAutomatic, "Automatic"},
                                                        {Approval::kManual, "Manual"}};
inline constexpr EnumText<ContractTime> kContractTimeTexts[] = {{ContractTime::kAfterRollout, "AfterRollout"},
                                                                {ContractTime::kWithNextRelease, "WithNextRelease"},
                                                                {ContractTime::kImmediately, "Immediately"}};
inline constexpr EnumText<ValidationMode> kValidationModeTexts[] = {{ValidationMode::kRoundTrip, "RoundTrip"},
                                                                    {ValidationMode::kUpgrade, "Upgrade"}};
// In place of a mode: nothing is rehearsed, as if spec.validation weren't there.
inline constexpr std::string_view kNoValidation = "None";
inline constexpr EnumText<OnFailedRollout> kOnFailedRolloutTexts[] = {
    {OnFailedRollout::kHold, "Hold"},
    {OnFailedRollout::kUndo, "Undo"},
    {OnFailedRollout::kUndoAndDowngrade, "UndoAndDowngrade"}};
inline constexpr EnumText<OnDelete> kOnDeleteTexts[] = {{OnDelete::kRelease, "Release"}, {OnDelete::kLeave, "Leave"}};
inline constexpr EnumText<Phase> kPhaseTexts[] = {
    {Phase::kPending, "Pending"},         {Phase::kPlanning, "Planning"},
    {Phase::kValidating, "Validating"},   {Phase::kAwaitingApproval, "AwaitingApproval"},
    {Phase::kMigrating, "Migrating"},     {Phase::kRollingOut, "RollingOut"},
    {Phase::kContracting, "Contracting"}, {Phase::kReady, "Ready"},
    {Phase::kDowngrading, "Downgrading"}, {Phase::kFailed, "Failed"}};
inline constexpr EnumText<Direction> kDirectionTexts[] = {{Direction::kUpgrade, "Upgrade"},
                                                          {Direction::kDowngrade, "Downgrade"}};

constexpr const auto& TextsOf(OnFailure) { return kOnFailureTexts; }
constexpr const auto& TextsOf(OnDataLoss) { return kOnDataLossTexts; }
constexpr const auto& TextsOf(Approval) { return kApprovalTexts; }
constexpr const auto& TextsOf(ContractTime) { return kContractTimeTexts; }
constexpr const auto& TextsOf(ValidationMode) { return kValidationModeTexts; }
constexpr const auto& TextsOf(OnFailedRollout) { return kOnFailedRolloutTexts; }
constexpr const auto& TextsOf(OnDelete) { return kOnDeleteTexts; }
constexpr const auto& TextsOf(Phase) { return kPhaseTexts; }
constexpr const auto& TextsOf(Direction) { return kDirectionTexts; }

template <typename Enum>
constexpr std::string_view TextOf(Enum value) {
  for (const EnumText<Enum>& entry : TextsOf(value)) {
    if (entry.value == value) return entry.text;
  }
  return {};
}

// All of them, in their order.
template <typename Enum>
std::vector<std::string> WordsOf() {
  std::vector<std::string> words;
  for (const EnumText<Enum>& entry : TextsOf(Enum{})) words.emplace_back(entry.text);
  return words;
}

}  // namespace sluice::api
