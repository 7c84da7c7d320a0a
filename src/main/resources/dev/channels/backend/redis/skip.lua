-- Moves heads on, past events that Redis has forgotten: to who reads there, that is a gap.
--
-- KEYS  the head of each channel
--
-- Returns nothing.

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
for _, key in ipairs(KEYS) do
    -- Without its head a channel begins another life, which is a gap too.
    local offset = redis.pcall('HMGET', key, 'offset')[1]
    if offset then
        redis.call('HSET', key, 'offset', string.format('%.0f', math.max(offset + 1, now)))
    end
end
return {}
