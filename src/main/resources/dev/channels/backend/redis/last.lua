-- Reads the newest events of one channel, newest first.
--
-- KEYS  1 stream   2 head
-- ARGV  1 the offset before which to begin ('' for the end)   2 how many events
--       3 about how many bytes
--
-- Returns epoch, 1 if nothing follows what is returned, and for each event its id and payload.

local epoch = redis.call('HGET', KEYS[2], 'epoch')
if not epoch then
    return {'', 1}
end
local reply, left, size = {epoch, 1}, tonumber(ARGV[2]), 0
local stop = '+'
if ARGV[1] ~= '' then
    stop = string.format('%.0f', tonumber(ARGV[1]) - 1)
end
while left > 0 do
    local want = math.min(left, 32)
    local page = redis.call('XREVRANGE', KEYS[1], stop, '-', 'COUNT', want)
    for _, event in ipairs(page) do
        stop = string.format('%.0f', tonumber(string.match(event[1], '^(%d+)')) - 1)
        size = size + #event[2][2]
        reply[#reply + 1] = event[1]
        reply[#reply + 1] = event[2][2]
    end
    left = left - #page
    if #page < want then
        break
    end
    if left > 0 and size >= tonumber(ARGV[3]) then
        reply[2] = 0
        break
    end
end
return reply
