// AdmissionReviews, and what becomes of their objects.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/base/base64.h"
#include "operator/webhook/pause.h"

namespace sluice::webhook {

inline constexpr const char* kOperatorUser = "system:serviceaccount:sluice:sluice-operator";

// `old_object`: null for a create.
inline Json ReviewOf(const Json& object, const Json& old_object, const std::string& user = "alice") {
  return Json{{"apiVersion", "admission.k8s.io/v1"},
              {"kind", "AdmissionReview"},
              {"request",
               {{"uid", "705ab4f5"},
                {"kind", {{"group", "apps"}, {"version", "v1"}, {"kind", "Deployment"}}},
                {"namespace", "shop"},
                {"name", "api"},
                {"operation", old_object.is_null() ? "CREATE" : "UPDATE"},
                {"userInfo", {{"username", user}}},
                {"object", object},
                {"oldObject", old_object}}}};
}

// The object as the API server keeps it.
inline Json Admitted(const Json& review, const PauseAnswer& answer) {
  const Json& response = answer.review["response"];
  EXPECT_EQ(response["uid"], review["request"]["uid"]);
  EXPECT_EQ(response["allowed"], true);
  const Json& object = review["request"]["object"];
  if (!response.contains("patch")) return object;
  EXPECT_EQ(response["patchType"], "JSONPatch");
  return object.patch(Json::parse(*DecodeBase64(response["patch"].get<std::string>())));
}

}  // namespace sluice::webhook
