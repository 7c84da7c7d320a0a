-- Publishes events, each to its channels.
--
-- ARGV  for each message: number of the event, the message, number of channels, the channels; an
--       event for many channels has several messages, one behind another
--
-- Returns for each event that was refused: its number, the error. An event for several channels is
-- refused by the first that refuses it; those before it have it.

local refused = {}
local refused_event
local at = 1
while at <= #ARGV do
    local event, message = ARGV[at], ARGV[at + 1]
    local behind = at + 3 + tonumber(ARGV[at + 2])
    for channel = at + 3, behind - 1 do
        if event == refused_event then
            break
        end
        local answer = redis.pcall('PUBLISH', ARGV[channel], message)
        if type(answer) == 'table' and answer.err then
            refused[#refused + 1] = tonumber(event)
            refused[#refused + 1] = answer.err
            refused_event = event
        end
    end
    at = behind
end
return refused
