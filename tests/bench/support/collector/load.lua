-- Batches of new events for wrk, each event a kilobyte: `wrk … -s load.lua URL -- BATCH DELAY_MS RUN`. DELAY_MS is what each connection waits for before a request, on
-- average; no two runs have an event in common. The last line is JSON.
local batch, wait, run = 50, 0, 0
local thread_count = 0
local made = 0
local before, after = "", ""

function setup(thread)
  thread:set("id", thread_count)
  thread_count = thread_count + 1
end

function init(args)
  batch = tonumber(args[1]) or batch
  wait = tonumber(args[2]) or wait
  run = tonumber(args[3]) or run
  math.randomseed(id + 1)
  wrk.method = "POST"
  wrk.headers["content-type"] = "application/json"
  local head = '{"type":"track","event":"Product Added","messageId":"'
  local tail = '","anonymousId":"0f7c1b9e-5a0c-4a53-9b1e-7f2f6f0c2a11","timestamp":"2026-11-30T08:00:00.000Z","properties":{"product_id":"5f2b8c41e0","price":34.5,"quantity":2,"currency":"EUR"},"context":{"library":{"name":"load","version":"1"},"page":{"path":"/products/tee","url":"https://shop.example/products/tee","title":"Tee"},"note":"'
  local fill = 1024 - #head - #tail - 20 - #'"}}'
  before, after = head, tail .. string.rep("x", fill) .. '"}}'
end

function request()
  local events = {}
  for at = 1, batch do
    made = made + 1
    events[at] = before .. string.format("%04d-%015d", run * 10 + id, made) .. after
  end
  return wrk.format(nil, nil, nil, '{"writeKey":"demo","batch":[' .. table.concat(events, ",") .. "]}")
end

function delay()
  return wait * (0.5 + math.random())
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%.3f,"p50":%.2f,"p99":%.2f,"max":%.2f,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
