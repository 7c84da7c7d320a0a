-- Forgets a channel: deletes its events, and begins another life of it.
--
-- KEYS  1 stream   2 head
-- ARGV  1 epoch of the life that begins   2 lifetime of a head without events (ms)
--       3 the push channel
--
-- Returns nothing. What is pushed follows on nothing that a node has got: it reads the stream, and
-- finds another life. Where the user may not publish, probes find it.

local version = redis.call('HMGET', KEYS[2], 'version')[1]
if version and version ~= '1' then
    return redis.error_reply('UNSUPPORTEDFORMAT ' .. version)
end
redis.call('UNLINK', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[2], 'version', '1', 'epoch', ARGV[1], 'last', '0-0')
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.pcall('PUBLISH', ARGV[3], '1:' .. ARGV[1] .. ':0-0')
return {}
