// Every command, one file of this folder each.
#pragma once

#include "cmd/sluice/command.h"

namespace sluice::cli {

extern const CommandSpec kBranchesCommand;
extern const CommandSpec kCheckCommand;
extern const CommandSpec kCompletionCommand;
extern const CommandSpec kConfigCommand;
extern const CommandSpec kCurrentCommand;
extern const CommandSpec kDiffCommand;
extern const CommandSpec kDoctorCommand;
extern const CommandSpec kDowngradeCommand;
extern const CommandSpec kEditCommand;
extern const CommandSpec kHeadsCommand;
extern const CommandSpec kHelpCommand;
extern const CommandSpec kHistoryCommand;
extern const CommandSpec kImportCommand;
extern const CommandSpec kInitCommand;
extern const CommandSpec kInspectCommand;
extern const CommandSpec kMergeCommand;
extern const CommandSpec kPlanCommand;
extern const CommandSpec kRebaseCommand;
extern const CommandSpec kRepairCommand;
extern const CommandSpec kRevisionCommand;
extern const CommandSpec kShowCommand;
extern const CommandSpec kStampCommand;
extern const CommandSpec kStatusCommand;
extern const CommandSpec kUpgradeCommand;
extern const CommandSpec kValidateCommand;
extern const CommandSpec kVersionCommand;
extern const CommandSpec kWaitCommand;

}  // namespace sluice::cli
