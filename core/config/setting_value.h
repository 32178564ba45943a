// The texts of settings: read, checked, written.
#pragma once

#include <string>

#include "core/base/config_node.h"
#include "core/base/result.h"
#include "core/config/setting_table.h"
#include "core/model/settings.h"

namespace sluice {

// Reads `node` and puts it where the rule says; parts of the connection are checked, and go nowhere. Errors: kConfig,
// without a place and without the setting's name.
Status AssignSetting(const SettingRule& rule, const ConfigNode& node, Settings& settings);

// The value as `sluice config` shows it; of a part of the connection, what it is when nothing sets it.
std::string ShowSetting(const SettingRule& rule, const Settings& settings);

}  // namespace sluice
