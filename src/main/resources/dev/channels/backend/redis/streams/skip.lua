-- Makes a gap of events that Redis has forgotten: their channels go on in another epoch.
--
-- KEYS  for each channel: stream, head
-- ARGV  1 the epoch   2 lifetime of a head without events (ms)
--
-- Returns nothing.

for at = 1, #KEYS, 2 do
    local stream, head = KEYS[at], KEYS[at + 1]
    local known = redis.pcall('HMGET', head, 'version', 'epoch', 'last', 'forks')
    if not known.err and not known[2] then
        -- The head is forgotten too. Who joined before the first event stands in another epoch.
        redis.call('HSET', head, 'version', '1', 'epoch', ARGV[1], 'last', '0-0')
        redis.call('PEXPIRE', head, ARGV[2])
        redis.call('UNLINK', stream)
    elseif not known.err and known[1] == '1' then
        local kept = {}
        for fork in string.gmatch(known[4] or '', '%S+') do
            kept[#kept + 1] = fork
        end
        kept[#kept + 1] = known[2] .. ':' .. string.match(known[3], '^%d+') .. '!'
        local newest = table.concat(kept, ' ', math.max(1, #kept - 7))
        redis.call('HSET', head, 'epoch', ARGV[1], 'forks', newest)
    end
end
return {}
