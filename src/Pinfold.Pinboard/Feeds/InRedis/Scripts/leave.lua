-- KEYS: order, records. ARGV: now, board, number, 1 (left out) or 0, floor; then pin, sequence, record; and again.
local order, records, now, board, number, state = KEYS[1], KEYS[2], tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
if not exists(order) then return end
local name = 'l' .. board
local there = redis.call('HGET', records, name)
if there and numberOf(there) >= numberOf(number) then return end
askAboutBoards(records)
redis.call('HSET', records, name, number .. state)
list(records, 'O', board, state == '1')
if state == '0' then redis.call('ZADD', order, text(ENDED + now), name) else redis.call('ZREM', order, name) end
if state == '0' then
  raise(records, ARGV[5])
  putWanted(order, records, 6, {})
elseif redis.call('HEXISTS', records, 'b') == 0 then
  takeOutUnwanted(order, records)
end
trim(order, records, now)
mend(order, records)
