-- Moves heads on, past events that Redis has forgotten: to who reads there, that is a gap.
--
-- KEYS  for each channel: stream, head
-- ARGV  1 epoch for channels that begin a life   2 lifetime of a head (ms; 0: none)
--
-- Returns nothing.

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
for at = 1, #KEYS, 2 do
    local stream, head = KEYS[at], KEYS[at + 1]
    local known = redis.pcall('HMGET', head, 'epoch', 'offset')
    if not known.err then
        local offset = known[2] or '0'
        -- Where the head is forgotten too, the channel begins another life with a gap: who joined
        -- it before its first event would take the next one for that.
        if not known[1] then
            redis.call('HSET', head, 'epoch', ARGV[1])
            redis.call('UNLINK', stream)
        end
        redis.call('HSET', head, 'offset', string.format('%.0f', math.max(offset + 1, now)))
        if ARGV[2] ~= '0' then
            redis.call('PEXPIRE', head, ARGV[2])
        end
    end
end
return {}
