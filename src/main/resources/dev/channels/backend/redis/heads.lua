-- Tells where channels stand.
--
-- KEYS  the head of each channel
--
-- Returns for each: epoch ('' if it has no life), offset; or the error that its key gave, -1.

local reply = {}
for _, key in ipairs(KEYS) do
    local head = redis.pcall('HMGET', key, 'epoch', 'offset')
    if head.err then
        reply[#reply + 1] = head.err
        reply[#reply + 1] = -1
    else
        reply[#reply + 1] = head[1] or ''
        reply[#reply + 1] = tonumber(head[2] or '0')
    end
end
return reply
