-- KEYS: order, records. ARGV: now, source, number, state (B before that of a board), floor or ''; then pin, sequence,
-- record; and again.
local order, records, now, source, number = KEYS[1], KEYS[2], tonumber(ARGV[1]), ARGV[2], ARGV[3]
local state = string.sub(ARGV[4], -1)
if not exists(order) then return end
local name = 's' .. source
local there = redis.call('HGET', records, name)
if there and numberOf(there) >= numberOf(number) then
  -- That what is followed is large counts under any number.
  if stateOf(there) ~= 'f' or state ~= 'x' then return end
  number = string.sub(there, 1, 8)
end
if #ARGV[4] == 2 then askAboutBoards(records) end
if there and stateOf(there) == 'f' and state == 'f' then
  forgetGone(order, records, source, #ARGV[4] == 2, number, ARGV[5], 6)
end
redis.call('HSET', records, name, sourceRegister(records, number, state))
list(records, 'L', source, state == 'x')
if state == '-' then redis.call('ZADD', order, text(ENDED + now), name) else redis.call('ZREM', order, name) end
if state == 'f' then
  raise(records, ARGV[5])
  putWanted(order, records, 6, {})
elseif redis.call('HEXISTS', records, 'b') == 0 then
  takeOutUnwanted(order, records)
end
trim(order, records, now)
mend(order, records)
