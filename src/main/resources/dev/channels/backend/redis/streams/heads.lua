-- Tells where channels stand, and keeps the heads of those alive whose lifetime is half over: to a
-- reader whose head has expired, an idle channel would look like one of another life.
--
-- KEYS  the head of each channel
-- ARGV  1 lifetime of a head (ms; 0: none)
--
-- Returns for each: epoch ('' if it has no life), offset; or the error that its key gave, -1.

local lifetime = tonumber(ARGV[1])
local reply = {}
for _, key in ipairs(KEYS) do
    local head = redis.pcall('HMGET', key, 'epoch', 'offset')
    if head.err then
        reply[#reply + 1] = head.err
        reply[#reply + 1] = -1
    else
        if lifetime > 0 then
            local left = redis.call('PTTL', key)
            if left >= 0 and left < lifetime / 2 then
                redis.pcall('PEXPIRE', key, ARGV[1])
            end
        end
        reply[#reply + 1] = head[1] or ''
        reply[#reply + 1] = tonumber(head[2] or '0')
    end
end
return reply
