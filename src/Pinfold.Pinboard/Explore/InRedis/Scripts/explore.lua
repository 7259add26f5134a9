-- What all scripts about exploring begin with. KEYS, all of one slot:
--   order, a sorted set: pins by how hot they are. Members are ids with leading zeros, so that of two that are as hot
--     the younger is first.
--   records, a hash: of a pin its author and its board, with a dot between.
--   state, a hash: 'r', the run of Redis in which it was read from the shards; 'b', who reads it.
--   touched, a set: what was changed while it is read. It is there as long as that may take.
local order, records, state, touched = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local MAX, OF_AUTHOR = tonumber('$max'), tonumber('$ofAuthor')

local function run() return string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)') end

local function put(pin, heat, record)
  redis.call('ZADD', order, heat, pin)
  redis.call('HSET', records, pin, record)
end

local function forget(pin)
  redis.call('ZREM', order, pin)
  redis.call('HDEL', records, pin)
end

-- What is too cold goes, and what is too much of one author.
local function trim()
  local count = {}
  local kept = 0
  for _, pin in ipairs(redis.call('ZREVRANGE', order, 0, -1)) do
    local record = redis.call('HGET', records, pin)
    local author = record and string.match(record, '^%d+')
    if author then count[author] = (count[author] or 0) + 1 end
    if not author or kept >= MAX or count[author] > OF_AUTHOR then forget(pin) else kept = kept + 1 end
  end
end
