-- Reads the newest events of one channel, newest first.
--
-- KEYS  1 stream   2 head
-- ARGV  1 the offset before which to begin ('' for the end)   2 how many events
--       3 about how many bytes
--
-- Returns epoch, 1 if nothing follows what is returned, and for each event its id and payload.

local epoch = redis.call('HMGET', KEYS[2], 'epoch')[1]
if not epoch then
    return {'', 1}
end
local reply, left, size = {epoch, 1}, tonumber(ARGV[2]), 0
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
        reply[2] = 0
        break
    end
    if #page < want then
        break
    end
    want = math.min(2 * want, 32)
end
return reply
