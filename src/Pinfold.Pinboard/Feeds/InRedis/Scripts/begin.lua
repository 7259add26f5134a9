-- KEYS: order, records. ARGV: token, lease in ms, 1 to drop what is there. Gives the run, or nothing if it is not ours.
local order, records = KEYS[1], KEYS[2]
local now, there = run(), redis.call('HMGET', records, 'b', 'r')
if ARGV[3] ~= '1' and exists(order) and (there[1] or there[2] == now) then return false end
drop(order, records)
redis.call('ZADD', order, LOWEST, GUARD)
redis.call('HSET', records, 'b', ARGV[1], 'g', GUARD)
redis.call('PEXPIRE', order, ARGV[2])
redis.call('PEXPIRE', records, ARGV[2])
return now
