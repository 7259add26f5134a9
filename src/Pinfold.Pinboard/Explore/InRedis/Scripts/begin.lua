-- ARGV: token, lease in ms. Gives the run, or nothing if it need not be read, or somebody does.
local now = run()
if redis.call('HGET', state, 'r') == now or redis.call('EXISTS', touched) == 1 then return false end
redis.call('HSET', state, 'b', ARGV[1])
-- A set is there only while it has something: the token, which is no pin.
redis.call('SADD', touched, ARGV[1])
redis.call('PEXPIRE', touched, ARGV[2])
return now
