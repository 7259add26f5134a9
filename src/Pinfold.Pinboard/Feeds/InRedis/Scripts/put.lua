-- KEYS: order, records. ARGV: token, run, time to live in ms, 1 if that is not for long, now, floor or '', how many
-- sources and boards left out; the sources, each with its state (B before that of a board); the boards left out; then
-- pin, sequence, record; and again.
-- Gives whether it was put: not if the lease has ended, or Redis is another by now.
local order, records = KEYS[1], KEYS[2]
if not exists(order) or redis.call('HGET', records, 'b') ~= ARGV[1] or run() ~= ARGV[2] then return 0 end
local zero, first, newer = struct.pack('>d', 0), 9, {}
if tonumber(ARGV[8]) > 0 then askAboutBoards(records) end
for _ = 1, tonumber(ARGV[7]) do
  local source, state = ARGV[first], string.sub(ARGV[first + 1], -1)
  if #ARGV[first + 1] == 2 then askAboutBoards(records) end
  local name = 's' .. source
  if redis.call('HSETNX', records, name, sourceRegister(records, zero, state)) == 0 then
    local there = redis.call('HGET', records, name)
    if stateOf(there) == 'f' then newer[source] = numberOf(there) end
  elseif state == 'x' then
    list(records, 'L', source, true)
  end
  first = first + 2
end
for _ = 1, tonumber(ARGV[8]) do
  if redis.call('HSETNX', records, 'l' .. ARGV[first], zero .. '1') == 1 then list(records, 'O', ARGV[first], true) end
  first = first + 1
end
redis.call('HDEL', records, 'b')
takeOutUnwanted(order, records)
raise(records, ARGV[6])
putWanted(order, records, first, newer)
trim(order, records, tonumber(ARGV[5]))
redis.call('HSET', records, 'r', ARGV[2])
if ARGV[4] == '1' then redis.call('HSET', records, 'p', '1') end
redis.call('PEXPIRE', order, ARGV[3])
redis.call('PEXPIRE', records, ARGV[3])
return 1
