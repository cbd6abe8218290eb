-- Pauses all processes after a 429, and halves the rate afterwards. All times are in microseconds.
--
-- KEYS: 1 the state of the limit
-- ARGV: 1 length of the pause, 2 length of the time at half the rate, 3 time to live in milliseconds
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local length, half = tonumber(ARGV[1]), tonumber(ARGV[2])
local function exact(number) return string.format('%.0f', number) end

local state = redis.call('HMGET', KEYS[1], 'next', 'paused')
-- A short pause does not end a longer one, and no time is made up for after it.
local paused = math.max(math.min(tonumber(state[2] or '0'), now + half), now + length)
local next_slot = math.max(tonumber(state[1] or '0'), paused)
redis.call('HSET', KEYS[1], 'next', exact(next_slot), 'paused', exact(paused), 'slow', exact(paused + half))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
