-- Tells where channels stand. A channel without a head gets one: so it has a position, which its
-- first event continues. Heads whose lifetime is half over are kept alive: to a reader whose head
-- has expired, an idle channel would look like one of another life.
--
-- KEYS  the head of each channel
-- ARGV  1 lifetime of a head (ms; 0: none): one that holds for all, or that of each, with blanks
--       between   2 lifetime of a head without events (ms)
--       3 epoch for channels that begin a life
--
-- Returns for each: epoch ('' where Redis refuses to begin a life), offset, stamp; or the error that
-- its key gave, -1, 0.

local reply = {}

local function answer(epoch, offset, stamp)
    reply[#reply + 1] = epoch
    reply[#reply + 1] = offset
    reply[#reply + 1] = stamp
end

local function begin(key)
    local made = redis.pcall('HSET', key, 'version', '1', 'epoch', ARGV[3], 'last', '0-0')
    if type(made) == 'table' and made.err then
        answer('', 0, 0)
    else
        redis.pcall('PEXPIRE', key, ARGV[2])
        answer(ARGV[3], 0, 0)
    end
end

local function keep(key, lifetime)
    local left = redis.call('PTTL', key)
    if left >= 0 and left < tonumber(lifetime) / 2 then
        redis.pcall('PEXPIRE', key, lifetime)
    end
end

local lifetimes, all = {}, tonumber(ARGV[1]) and ARGV[1]
for lifetime in string.gmatch(ARGV[1], '%d+') do
    lifetimes[#lifetimes + 1] = lifetime
end

for index, key in ipairs(KEYS) do
    local head = redis.pcall('HMGET', key, 'version', 'epoch', 'last')
    if head.err then
        answer(head.err, -1, 0)
    elseif not head[2] then
        begin(key)
    elseif head[1] ~= '1' then
        answer('UNSUPPORTEDFORMAT ' .. (head[1] or '0'), -1, 0)
    else
        local offset, stamp = string.match(head[3], '^(%d+)-(%d+)$')
        keep(key, offset == '0' and ARGV[2] or all or lifetimes[index])
        answer(head[2], tonumber(offset), tonumber(stamp))
    end
end
return reply
