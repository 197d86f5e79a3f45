-- Sends the requests of a file one after the other, each once or round and round; then says how it went as JSON.
-- Without a file it sends what wrk sends of itself, so that as little as possible is done here.
local requests, sent, again = {}, 0, false

local function read_requests(path)
  local file = assert(io.open(path, "rb"))
  while true do
    local length = file:read(8)
    if not length then break end
    requests[#requests + 1] = file:read(tonumber(length))
  end
  file:close()
end

local function next_request()
  sent = sent + 1
  if sent > #requests then
    if not again then return "GET /used-up HTTP/1.1\r\nHost: used-up\r\n\r\n" end
    sent = 1
  end
  return requests[sent]
end

function init(args)
  if not args[1] then return end
  again = args[2] == "again"
  read_requests(args[1])
  request = next_request
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%f,"refused":%d,"broken":%d,"p50_ms":%f,"p99_ms":%f}\n',
    summary.requests, summary.duration / 1e6, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
