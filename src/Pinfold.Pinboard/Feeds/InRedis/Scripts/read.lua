-- KEYS: order, records. ARGV: time to live in ms, how many, and the sequence from which on they are counted, or ''.
-- Gives nothing of a feed that is missing, or of another run; else floor, large sources, boards left out, pins with
-- their sequences, records.
local order, records = KEYS[1], KEYS[2]
local found = redis.call('HMGET', records, 'r', 'f', 'L', 'O', 'p')
if not found[1] or found[1] ~= run() or not redis.call('ZSCORE', order, GUARD) then return false end
if not found[5] then
  redis.call('PEXPIRE', order, ARGV[1])
  redis.call('PEXPIRE', records, ARGV[1])
end
local count = tonumber(ARGV[2])
if ARGV[3] ~= '' then count = count + redis.call('ZCOUNT', order, ARGV[3], '+inf') end
local lowest = found[2] and '(' .. found[2] or SHOWN
local pins = redis.call('ZREVRANGEBYSCORE', order, '+inf', lowest, 'WITHSCORES', 'LIMIT', 0, count)
local asked, shown = {}, {}
for i = 1, #pins, 2 do asked[#asked + 1] = pins[i] end
for first = 1, #asked, 1000 do
  local last = math.min(first + 999, #asked)
  for _, record in ipairs(redis.call('HMGET', records, unpack(asked, first, last))) do
    shown[#shown + 1] = record or ''
  end
end
return { found[2] or '', found[3] or '', found[4] or '', pins, shown }
