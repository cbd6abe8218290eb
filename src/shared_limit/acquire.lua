-- Reserves up to `wanted` slots for one process, by the clock of this server. All times are in microseconds.
--
-- KEYS: 1 the state of the limit, 2 the processes that asked recently
-- ARGV: 1 interval between two slots, 2 unused time that may be made up for, 3 time that all blocks together may cover,
--       4 slots wanted, 5 id of the process, 6 end of the slots as the process last saw it, 7 delay of the first slot after
--       an outage, 8 longest pause, 9 time to live in milliseconds
-- Returns: 1 slots, 2 time until the first one, 3 interval, 4 end of the slots, 5 processes, 6 time until a pause ends
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, tolerance, horizon = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local wanted, known, delay = tonumber(ARGV[4]), tonumber(ARGV[6]), tonumber(ARGV[7])
local longest, ttl = tonumber(ARGV[8]), ARGV[9]

-- `tostring` rounds to 14 digits.
local function exact(number) return string.format('%.0f', number) end

local state = redis.call('HMGET', KEYS[1], 'next', 'paused', 'slow')
-- A process remembers the end, in case this server lost it.
local next_slot = math.max(tonumber(state[1] or '0'), known)
-- The limits matter only after the clock of the server was set back, or after a fail-over to one that is behind.
local paused = math.min(tonumber(state[2] or '0'), now + longest)
local slow = math.min(tonumber(state[3] or '0'), now + 2 * longest)

redis.call('ZADD', KEYS[2], exact(now), ARGV[5])
local window = 2 * (horizon + math.max(0, next_slot - now))
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. exact(now - window))
redis.call('ZREMRANGEBYSCORE', KEYS[2], '(' .. exact(now), '+inf')
local processes = redis.call('ZCARD', KEYS[2])
redis.call('PEXPIRE', KEYS[2], ttl)

if paused > now then
  return {0, 0, interval, next_slot, processes, paused - now}
end
if slow > now then
  interval = 2 * interval
end
-- No process has more than its part of the horizon, or one slot, at a time.
local farthest = now + horizon + 2 * interval * (processes + 1)
local earliest = now - tolerance
if delay > 0 then
  earliest = now + delay
end
local first = math.max(math.min(next_slot, farthest), earliest)
local slots = math.max(1, math.min(wanted, math.floor(horizon / (interval * processes))))
next_slot = first + slots * interval
redis.call('HSET', KEYS[1], 'next', exact(next_slot))
redis.call('PEXPIRE', KEYS[1], ttl)
return {slots, first - now, interval, next_slot, processes, 0}
