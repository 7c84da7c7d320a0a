-- Publishes events, each to its channels.
-- ARGV: for each event its message, how many channels it has, their names.
-- Answers with the number of each event that was refused, from 0, followed by the error.
local refused = {}
local number = 0
local at = 1
local last = #ARGV
while at <= last do
  local behind = at + 2 + ARGV[at + 1]
  for channel = at + 2, behind - 1 do
    local answer = redis.pcall('PUBLISH', ARGV[channel], ARGV[at])
    if type(answer) == 'table' and answer.err then
      refused[#refused + 1] = number
      refused[#refused + 1] = answer.err
      break
    end
  end
  number = number + 1
  at = behind
end
return refused
