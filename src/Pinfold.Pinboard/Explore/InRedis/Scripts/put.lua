-- ARGV: token, run, the run or nothing if it is to be read once more; then pin, how hot, record; and again.
-- 1 if it was put.
if redis.call('HGET', state, 'b') ~= ARGV[1] or redis.call('EXISTS', touched) == 0 or run() ~= ARGV[2] then return 0 end
for _, pin in ipairs(redis.call('ZREVRANGE', order, 0, -1)) do
  if redis.call('SISMEMBER', touched, pin) == 0 then forget(pin) end
end
for i = 4, #ARGV, 3 do
  if redis.call('SISMEMBER', touched, ARGV[i]) == 0 then put(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
end
trim()
redis.call('DEL', touched)
redis.call('HSET', state, 'r', ARGV[3])
redis.call('HDEL', state, 'b')
return 1
