-- Publishes messages, each to its channels.
--
-- ARGV  for each message: the message, number of channels, the channels
--
-- Returns for each message that was refused: its number (the first is 0), the error. A message for
-- several channels is refused by the first that refuses it; those before it have it.

local refused = {}
local number, at = 0, 1
while at <= #ARGV do
    local behind = at + 2 + tonumber(ARGV[at + 1])
    for channel = at + 2, behind - 1 do
        local answer = redis.pcall('PUBLISH', ARGV[channel], ARGV[at])
        if type(answer) == 'table' and answer.err then
            refused[#refused + 1] = number
            refused[#refused + 1] = answer.err
            break
        end
    end
    number, at = number + 1, behind
end
return refused
