-- Who is there in one channel.
--
-- KEYS  1 a hash: 'version'; 'nodes': for each node its id, when its clients are gone (ms), how many
--       it has; 'c' and the id of each client: the version, the id of its node, who it is; 'u' and
--       each user: how many clients are his; 'different': how many users there are
-- ARGV  1 what is to be done   2 node, or '' where somebody asks   3 lifetime (ms)
--       4 Pub/Sub channel   5 …
--
--   change   for each client that comes: '+', id, value; for one that goes: '-', id, ''
--   replace  for each client of the node: id, value
--   keep     how many clients the node has; returns {1} if that is not so here, else {0}
--   list     how many clients at most; returns their values
--   count    returns {clients, different users}
--
-- Neither keeping nor counting reads the clients, so that both take the same time for one as for
-- ten thousand; where some are asked for, no more are read than that, and some.
--
-- Whoever comes and goes is pushed. What is written ends by itself, some time after all nodes have
-- gone; until then the next call tells that they have.

local key, node, lifetime = KEYS[1], ARGV[2], tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local known = redis.call('HMGET', key, 'version', 'nodes')
if known[1] and known[1] ~= '1' then
    return redis.error_reply('UNSUPPORTEDFORMAT ' .. known[1])
end
local nodes, dead, changed = {}, {}, false
for id, ending, count in string.gmatch(known[2] or '', '(%S+) (%d+) (%d+)') do
    if id == node or tonumber(ending) > now then
        nodes[id] = {tonumber(ending), tonumber(count)}
    else
        dead[id] = true
    end
end

local function owner(value)
    return string.sub(value, 2, 17)
end

local function userOf(value)
    return string.sub(value, 20, 19 + string.byte(value, 18) * 256 + string.byte(value, 19))
end

local function come(user)
    if redis.call('HINCRBY', key, 'u' .. user, 1) == 1 then
        redis.call('HINCRBY', key, 'different', 1)
    end
end

local function go(user)
    if redis.call('HINCRBY', key, 'u' .. user, -1) <= 0 then
        redis.call('HDEL', key, 'u' .. user)
        redis.call('HINCRBY', key, 'different', -1)
    end
end

local function push(value, sign)
    redis.pcall('PUBLISH', ARGV[4], string.sub(value, 18) .. sign .. '\207\1')
end

local function count(id, change)
    local its = nodes[id] or {0, 0}
    its[2] = its[2] + change
    nodes[id] = its
    changed = true
end

local function each(action)
    local all = redis.call('HGETALL', key)
    for i = 1, #all, 2 do
        if string.byte(all[i]) == 99 then
            action(all[i], all[i + 1])
        end
    end
end

local function leave(field, value)
    redis.call('HDEL', key, field)
    go(userOf(value))
    push(value, '-')
end

local function enter(id, value)
    local before = redis.call('HGET', key, 'c' .. id)
    redis.call('HSET', key, 'c' .. id, value)
    if not before then
        come(userOf(value))
        push(value, '+')
    else
        if userOf(before) ~= userOf(value) then
            come(userOf(value))
            go(userOf(before))
        end
        if owner(before) ~= node then
            count(owner(before), -1)
        end
    end
    if not before or owner(before) ~= node then
        count(node, 1)
    end
end

if next(dead) then
    changed = true
    each(function(field, value)
        if dead[owner(value)] then
            leave(field, value)
        end
    end)
end

local reply = {}
if ARGV[1] == 'change' then
    for i = 5, #ARGV, 3 do
        if ARGV[i] == '+' then
            enter(ARGV[i + 1], ARGV[i + 2])
        else
            local field = 'c' .. ARGV[i + 1]
            local value = redis.call('HGET', key, field)
            if value and owner(value) == node then
                leave(field, value)
                count(node, -1)
            end
        end
    end
elseif ARGV[1] == 'replace' then
    local wanted = {}
    for i = 5, #ARGV, 2 do
        wanted['c' .. ARGV[i]] = true
    end
    each(function(field, value)
        if owner(value) == node and not wanted[field] then
            leave(field, value)
            count(node, -1)
        end
    end)
    for i = 5, #ARGV, 2 do
        enter(ARGV[i], ARGV[i + 1])
    end
elseif ARGV[1] == 'keep' then
    reply[1] = (nodes[node] and nodes[node][2] or 0) == tonumber(ARGV[5]) and 0 or 1
elseif ARGV[1] == 'list' then
    local most, cursor, seen = tonumber(ARGV[5]), '0', {}
    repeat
        local part = redis.call('HSCAN', key, cursor, 'COUNT', math.max(most, 1))
        cursor = part[1]
        for i = 1, #part[2], 2 do
            local field = part[2][i]
            if #reply < most and string.byte(field) == 99 and not seen[field] then
                seen[field] = true
                reply[#reply + 1] = part[2][i + 1]
            end
        end
    until cursor == '0' or #reply >= most
else
    reply = {0, tonumber(redis.call('HGET', key, 'different') or 0)}
    for id, its in pairs(nodes) do
        reply[1] = reply[1] + its[2]
    end
end

if node ~= '' and nodes[node] then
    nodes[node][1] = now + lifetime
    changed = true
end
if changed then
    local kept, last = {}, 0
    for id, its in pairs(nodes) do
        if its[2] > 0 then
            kept[#kept + 1] = string.format('%s %.0f %.0f', id, its[1], its[2])
            last = math.max(last, its[1])
        end
    end
    if #kept == 0 then
        redis.call('UNLINK', key)
    else
        redis.call('HSET', key, 'version', '1', 'nodes', table.concat(kept, ' '))
        redis.call('PEXPIRE', key, string.format('%.0f', last - now + lifetime))
    end
end
return reply
