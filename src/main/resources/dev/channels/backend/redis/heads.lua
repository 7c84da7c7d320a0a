-- Tells where channels stand.
--
-- KEYS  the head of each channel
--
-- Returns for each: epoch ('' if it has no life), offset.

local reply = {}
for _, key in ipairs(KEYS) do
    local head = redis.call('HMGET', key, 'epoch', 'offset')
    reply[#reply + 1] = head[1] or ''
    reply[#reply + 1] = tonumber(head[2] or '0')
end
return reply
