-- Appends publications to the streams of their channels, and pushes them to who listens.
--
-- KEYS  1 record of the publisher, then for each channel: stream, head
-- ARGV  1 greatest sequence number here   2 lifetime of the record (ms)
--       3 epoch for channels that begin a life   4 trimming ('=' or '~')   5 history
--       6 lifetime of a stream (ms; 0: none)   7 lifetime of a head (ms): of these three one that
--       holds for all channels, or that of each, with blanks between
--       8 longest body that is pushed   9 sequence number of each publication, with blanks
--       between   10 number of channels, then the push channel of each, then for each publication:
--       body, index of each of its channels, with blanks between
--
-- Returns a list of {number of the publication, error} of those that were refused.
--
-- Nearly all the time of Redis goes into the lines of append: they run for each event.

-- The record: the greatest sequence number, and a line for each publication that was refused with it.
local record = redis.call('GET', KEYS[1]) or '-1'
local settled, before, refused = tonumber(string.match(record, '^[^\n]+')), {}, {}
for sequence, failure in string.gmatch(record, '\n(%d+) ([^\n]*)') do
    before[sequence] = failure
end
-- If this is a repetition, what was accepted is left out, and what was refused is refused again.
local skipped = 0
for sequence in string.gmatch(ARGV[9], '%d+') do
    if tonumber(sequence) > settled then
        break
    end
    skipped = skipped + 1
    if before[sequence] then
        refused[#refused + 1] = {skipped, before[sequence]}
    end
end
if tonumber(ARGV[1]) <= settled then
    return refused
end
-- The first write: a full, read-only or failing Redis refuses it, and nothing has happened yet.
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])

local call, pcall, format = redis.call, redis.pcall, string.format
local trimming, longestPushed = ARGV[4], tonumber(ARGV[8])

-- What holds for each channel, by its index.
local function each(numbers)
    local list, all = {}, tonumber(numbers)
    for number in string.gmatch(numbers, '%d+') do
        list[#list + 1] = number
    end
    if all then
        for channel = 2, tonumber(ARGV[10]) do
            list[channel] = list[1]
        end
    end
    return list
end

local histories = each(ARGV[5])
local time = call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
-- By the index of the channel.
local epochs, offsets, lasts, renewed, stamps, pushes = {}, {}, {}, {}, {}, {}
local opened, begun = {}, {}

-- Finds where a channel stands; returns an error or nil.
local function open(channel)
    local known = pcall('HMGET', KEYS[2 * channel + 1], 'version', 'epoch', 'last', 'renewed')
    if known.err then
        return known.err
    end
    if known[2] then
        if known[1] ~= '1' then
            return 'UNSUPPORTEDFORMAT ' .. (known[1] or '0')
        end
        local offset, stamp = string.match(known[3], '^(%d+)-(%d+)$')
        epochs[channel], offsets[channel] = known[2], tonumber(offset)
        renewed[channel] = tonumber(known[4] or '0')
        -- The clock can have been put back.
        stamps[channel] = format('-%.0f', math.max(now, tonumber(stamp)))
    else
        -- A stream without its head is of a life that nobody can name any more.
        call('UNLINK', KEYS[2 * channel])
        epochs[channel], offsets[channel], stamps[channel] = ARGV[3], 0, format('-%.0f', now)
        renewed[channel], begun[channel] = 0, true
    end
    pushes[channel] = '1:' .. epochs[channel] .. ':'
    opened[#opened + 1] = channel
    return nil
end

local function append(channel, body)
    local previous = offsets[channel]
    if not previous then
        local failure = open(channel)
        if failure then
            return failure
        end
        previous = offsets[channel]
    end
    local offset = previous + 1
    local id = offset .. stamps[channel]
    local added = pcall('XADD', KEYS[2 * channel], 'MAXLEN', trimming, histories[channel], id, 'e', body)
    if type(added) == 'table' and added.err then
        return added.err
    end
    offsets[channel], lasts[channel] = offset, id
    -- Where the user may not publish, the event is in the stream all the same: probes find it.
    if #body <= longestPushed then
        pcall('PUBLISH', ARGV[10 + channel], pushes[channel] .. id .. ':' .. body)
    else
        pcall('PUBLISH', ARGV[10 + channel], pushes[channel] .. id)
    end
    return nil
end

local first = 11 + tonumber(ARGV[10])
for at = first + 2 * skipped, #ARGV, 2 do
    local body, only = ARGV[at], tonumber(ARGV[at + 1])
    if only then
        local failure = append(only, body)
        if failure then
            refused[#refused + 1] = {(at - first) / 2 + 1, failure}
        end
    else
        for index in string.gmatch(ARGV[at + 1], '%d+') do
            local failure = append(tonumber(index), body)
            if failure then
                refused[#refused + 1] = {(at - first) / 2 + 1, failure}
            end
        end
    end
end

-- An expiry is renewed when a twentieth of its time is over, and lasts that much longer.
local lifetimes, headLifetimes = each(ARGV[6]), each(ARGV[7])
for _, channel in ipairs(opened) do
    local lifetime = tonumber(lifetimes[channel])
    local stream, head = KEYS[2 * channel], KEYS[2 * channel + 1]
    local last = lasts[channel]
    if last then
        if begun[channel] then
            call('HSET', head, 'version', '1', 'epoch', epochs[channel], 'last', last)
        else
            call('HSET', head, 'last', last)
        end
        if now - renewed[channel] > lifetime * 50 then
            call('HSET', head, 'renewed', format('%.0f', now))
            if lifetime > 0 then
                call('PEXPIRE', stream, format('%.0f', lifetime * 1.05))
                call('PEXPIRE', head, headLifetimes[channel])
            elseif renewed[channel] == 0 and not begun[channel] then
                call('PERSIST', head)
            end
        end
    end
end

if #refused > 0 then
    local lines, sequences = {ARGV[1]}, {}
    for sequence in string.gmatch(ARGV[9], '%d+') do
        sequences[#sequences + 1] = sequence
    end
    for _, refusal in ipairs(refused) do
        lines[#lines + 1] = sequences[refusal[1]] .. ' ' .. refusal[2]
    end
    call('SET', KEYS[1], table.concat(lines, '\n'), 'PX', ARGV[2])
end
return refused
