-- Reads the newest events of one channel, newest first. A channel without a head gets one.
--
-- KEYS  1 stream   2 head
-- ARGV  1 the offset before which to begin ('' for the end)   2 how many events
--       3 about how many bytes   4 epoch for a channel that begins a life
--       5 lifetime of a head without events (ms)
--
-- Returns epoch ('' where Redis refuses to begin a life), offset of the newest event of all, 1 if
-- nothing follows what is returned, and for each event its id and body.

local head = redis.call('HMGET', KEYS[2], 'version', 'epoch', 'last')
if not head[2] then
    local made = redis.pcall('HSET', KEYS[2], 'version', '1', 'epoch', ARGV[4], 'last', '0-0')
    if type(made) == 'table' and made.err then
        return {'', 0, 1}
    end
    redis.pcall('PEXPIRE', KEYS[2], ARGV[5])
    return {ARGV[4], 0, 1}
elseif head[1] ~= '1' then
    return redis.error_reply('UNSUPPORTEDFORMAT ' .. (head[1] or '0'))
end
local newest = tonumber(string.match(head[3], '^(%d+)'))
local reply, left, size = {head[2], newest, 1}, tonumber(ARGV[2]), 0
local stop = '+'
if ARGV[1] ~= '' then
    stop = string.format('%.0f', tonumber(ARGV[1]) - 1)
end
-- Pages grow as long as events are small, and end with the bytes: an answer is never much longer.
local bytes, want = tonumber(ARGV[3]), 1
while left > 0 do
    want = math.min(want, left)
    local page = redis.call('XREVRANGE', KEYS[1], stop, '-', 'COUNT', want)
    for _, event in ipairs(page) do
        if size >= bytes then
            break
        end
        stop = string.format('%.0f', tonumber(string.match(event[1], '^(%d+)')) - 1)
        size = size + #event[2][2]
        left = left - 1
        reply[#reply + 1] = event[1]
        reply[#reply + 1] = event[2][2]
    end
    if left > 0 and size >= bytes then
        reply[3] = 0
        break
    end
    if #page < want then
        break
    end
    want = math.min(2 * want, 32)
end
return reply
