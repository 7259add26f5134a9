-- ARGV: pin, how hot, record; and again. Of one that goes the record is empty.
for i = 1, #ARGV, 3 do
  if redis.call('EXISTS', touched) == 1 then redis.call('SADD', touched, ARGV[i]) end
  if ARGV[i + 2] == '' then forget(ARGV[i]) else put(ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
end
trim()
