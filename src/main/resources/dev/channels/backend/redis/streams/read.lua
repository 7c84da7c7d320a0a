-- Reads the events of one channel after a position.
--
-- KEYS  1 stream   2 head
-- ARGV  1 epoch of the position ('' for the very beginning)   2 its offset
--       3 how many events (negative: all)   4 about how many bytes
--       5 '1' if the reader has really seen the position: later events then get greater offsets
--
-- Returns epoch, offset of the head, 1 if events in between are gone, 1 if nothing follows what is
-- returned, and for each event its id and payload.

local head = redis.call('HMGET', KEYS[2], 'epoch', 'offset')
if not head[1] then
    return {'', 0, ARGV[1] == '' and 0 or 1, 1}
end
local epoch, last = head[1], tonumber(head[2])
local from, gap = tonumber(ARGV[2]), 0
if ARGV[1] ~= epoch then
    gap = ARGV[1] == '' and 0 or 1
    from = 0
elseif from > last then
    -- Redis lost its newest events, in a crash or a fail-over, after this reader had got them.
    if ARGV[5] == '1' then
        redis.call('HSET', KEYS[2], 'offset', ARGV[2])
        return {epoch, from, 0, 1}
    end
    gap = 1
    from = 0
end

local reply = {epoch, last, gap, 1}
local left, bytes = tonumber(ARGV[3]), tonumber(ARGV[4])
if left < 0 then
    left = math.huge
end
-- Pages grow as long as events are small, and end with the bytes: an answer is never much longer.
local start, first, size, want, ended = from + 1, true, 0, 1, false
repeat
    local page = redis.call(
        'XRANGE', KEYS[1], string.format('%.0f', start), '+', 'COUNT', want)
    for _, event in ipairs(page) do
        local offset, distance = string.match(event[1], '^(%d+)-(%d+)$')
        if first and tonumber(offset) - tonumber(distance) > from then
            reply[3] = 1
        end
        first = false
        if left == 0 or size >= bytes then
            break
        end
        start = tonumber(offset) + 1
        size = size + #event[2][2]
        left = left - 1
        reply[#reply + 1] = event[1]
        reply[#reply + 1] = event[2][2]
    end
    ended = #page < want
    want = math.min(2 * want, 32, math.max(left, 1))
until ended or left == 0 or size >= bytes
if left > 0 and size >= bytes then
    reply[4] = 0
end
if first and last > from then
    reply[3] = 1
end
return reply
