-- Reads the events of one channel after a position. A channel without a head gets one.
--
-- KEYS  1 stream   2 head
-- ARGV  1 epoch of the position ('' for the very beginning)   2 its offset
--       3 the stamp of the event there, if the reader has got it, else ''
--       4 how many events (negative: all)   5 about how many bytes
--       6 epoch for another life of the channel   7 lifetime of a head without events (ms)
--
-- Returns epoch ('' where Redis refuses to begin a life), offset and stamp of the newest event of
-- all, 1 if events in between are gone, 1 if nothing follows what is returned, and for each event
-- its id and body.
--
-- A Redis that crashed, or failed over, can have lost its newest events, and can have given their
-- offsets to others since. Stamps tell: they never decrease. Then the epoch forks: in the new one
-- everything up to the fork is as it was, and who has got more comes back to the fork.

local head = redis.call('HMGET', KEYS[2], 'version', 'epoch', 'last', 'forks')
if not head[2] then
    local gap, epoch = ARGV[1] == '' and 0 or 1, ARGV[6]
    local made = redis.pcall('HSET', KEYS[2], 'version', '1', 'epoch', epoch, 'last', '0-0')
    if type(made) == 'table' and made.err then
        epoch = ''
    else
        redis.pcall('PEXPIRE', KEYS[2], ARGV[7])
    end
    return {epoch, 0, 0, gap, 1}
elseif head[1] ~= '1' then
    return redis.error_reply('UNSUPPORTEDFORMAT ' .. (head[1] or '0'))
end
local epoch, forks = head[2], head[4] or ''
local offsetOfLast, stampOfLast = string.match(head[3], '^(%d+)-(%d+)$')
local last, lastStamp = tonumber(offsetOfLast), tonumber(stampOfLast)
local seen, stamp, gap = tonumber(ARGV[2]), tonumber(ARGV[3]), 0
local from = seen

local function id(event)
    local offset, when = string.match(event[1], '^(%d+)-(%d+)$')
    return tonumber(offset), tonumber(when)
end

-- Whether Redis has forgotten the event that the reader got at its position.
local function isForgotten()
    if from > last then
        return true
    elseif not stamp or from == 0 then
        return false
    elseif from == last then
        return stamp ~= lastStamp
    end
    local at = ARGV[2]
    local found = redis.call('XRANGE', KEYS[1], at, at, 'COUNT', 1)[1]
    if not found then
        return false
    end
    local _, when = id(found)
    return when ~= stamp
end

-- The offset of the last event that is no newer than the reader's.
local function findFork()
    local start, older = '+', last
    while true do
        local page = redis.call('XREVRANGE', KEYS[1], start, '-', 'COUNT', 100)
        for _, event in ipairs(page) do
            local offset, when = id(event)
            if when <= stamp then
                return offset
            end
            older = offset - 1
        end
        if #page < 100 then
            return older
        end
        start = string.format('%.0f', older)
    end
end

-- Begins another epoch behind an offset. Who left long ago finds a gap: few forks are remembered.
local function fork(at)
    local kept = {}
    for known in string.gmatch(forks, '%S+') do
        kept[#kept + 1] = known
    end
    kept[#kept + 1] = epoch .. ':' .. at
    epoch = ARGV[6]
    local newest = table.concat(kept, ' ', math.max(1, #kept - 7))
    redis.call('HSET', KEYS[2], 'epoch', epoch, 'forks', newest)
end

-- What has become of a position of an epoch that was left: how far that is as it was, and whether
-- something is missing; nil if the epoch is unknown.
local function leave(left)
    local known = {}
    for parent, at, lossy in string.gmatch(forks, '(%S+):(%d+)(!?)') do
        known[#known + 1] = {parent, tonumber(at), lossy}
    end
    local bound, lossy = math.huge, 0
    for i = #known, 1, -1 do
        bound = math.min(bound, known[i][2])
        if known[i][3] == '!' then
            lossy = 1
        end
        if known[i][1] == left then
            return bound, lossy
        end
    end
    return nil
end

local bound
if ARGV[1] == epoch then
    if isForgotten() then
        if stamp then
            bound = findFork()
            fork(bound)
        else
            gap = 1
        end
    end
elseif ARGV[1] ~= '' then
    bound, gap = leave(ARGV[1])
    if not bound then
        gap, stamp = 1, nil
    elseif not stamp and from > bound then
        gap = 1
    end
end
if gap == 1 and not stamp then
    from = 0
elseif bound then
    from = math.min(from, bound)
end

local reply = {epoch, last, lastStamp, gap, 1}
local left, bytes = tonumber(ARGV[4]), tonumber(ARGV[5])
if left < 0 then
    left = math.huge
end
-- Pages grow as long as events are small, and end with the bytes: an answer is never much longer.
local start, first, size, want, ended = from + 1, true, 0, 1, false
repeat
    local page = redis.call(
        'XRANGE', KEYS[1], string.format('%.0f', start), '+', 'COUNT', want)
    for _, event in ipairs(page) do
        local offset, when = id(event)
        if first and offset > from + 1 then
            reply[4] = 1
        end
        first = false
        if left == 0 or size >= bytes then
            break
        end
        start = offset + 1
        -- Behind a fork there can be some that the reader got before the epoch was left.
        if not bound or not stamp or when > stamp or when == stamp and offset > seen then
            size = size + #event[2][2]
            left = left - 1
            reply[#reply + 1] = event[1]
            reply[#reply + 1] = event[2][2]
        end
    end
    ended = #page < want
    want = math.min(2 * want, 32, math.max(left, 1))
until ended or left == 0 or size >= bytes
if left > 0 and size >= bytes then
    reply[5] = 0
end
if first and last > from then
    reply[4] = 1
end
return reply
