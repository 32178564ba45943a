-- What Argo CD makes of a SchemaMigration. A wave after it begins when it is Healthy.
local hs = { status = "Progressing", message = "Waiting for the operator" }
if obj.status == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return hs
end
local found = {}
for _, condition in ipairs(obj.status.conditions or {}) do
  found[condition.type] = condition
end
local ready = found["Ready"]
if ready == nil then
  return hs
end
hs.message = ready.message
if ready.status == "True" then
  hs.status = "Healthy"
elseif found["Stalled"] ~= nil and found["Stalled"].status == "True" then
  hs.status = "Degraded"
elseif found["Reconciling"] == nil or found["Reconciling"].status ~= "True" then
  -- For a person, or for a time.
  hs.status = "Suspended"
end
return hs
