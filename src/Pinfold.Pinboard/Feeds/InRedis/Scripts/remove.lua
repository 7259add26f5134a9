-- KEYS: order, records; and again. ARGV: now; then pin, number; and again.
local now = tonumber(ARGV[1])
for k = 1, #KEYS, 2 do
  local order, records = KEYS[k], KEYS[k + 1]
  if exists(order) then
    for i = 2, #ARGV, 2 do
      local pin, number = ARGV[i], ARGV[i + 1]
      local there = redis.call('HGET', records, pin)
      if not there or numberOf(there) <= numberOf(number) then
        redis.call('HSET', records, pin, number)
        redis.call('ZADD', order, text(REMOVED + now), pin)
      end
    end
    trim(order, records, now)
    mend(order, records)
  end
end
