-- Who holds a lease, and where its work stands.
--
-- KEYS  1 a hash: 'version'; 'holder' and 'until' (ms) while somebody holds it; 'position', if any
-- ARGV  1 what is to be done   2 holder   3 lifetime (ms)   4 position
--
--   take     returns {1, position or ''} if the lease is the holder's now, else {0, ''}
--   advance  returns {1, ''} if the lease is the holder's still, else {0, ''}
--   release  returns {1, ''} if it was the holder's, else {0, ''}
--
-- What is written ends by itself when nobody has called for seven days.

local key, holder = KEYS[1], ARGV[2]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local known = redis.call('HMGET', key, 'version', 'holder', 'until', 'position')
if known[1] and known[1] ~= '1' then
    return redis.error_reply('UNSUPPORTEDFORMAT ' .. known[1])
end

local own = known[2] == holder
local free = not known[2] or tonumber(known[3]) <= now
if not own and not (free and ARGV[1] == 'take') then
    return {0, ''}
end
if ARGV[1] == 'release' then
    redis.call('HDEL', key, 'holder', 'until')
    return {1, ''}
end
redis.call('HSET', key, 'version', '1', 'holder', holder, 'until',
    string.format('%.0f', now + tonumber(ARGV[3])))
if ARGV[1] == 'advance' then
    redis.call('HSET', key, 'position', ARGV[4])
end
redis.call('PEXPIRE', key, 7 * 24 * 3600 * 1000)
return {1, ARGV[1] == 'take' and known[4] or ''}
