-- What all scripts about feeds begin with. A feed is two keys of one slot:
--   order, a sorted set: the pins by their sequence; far below them what was taken out and sources that are nothing any
--     more, by when; the guard lowest of all, so that it is there while it is empty.
--   records, a hash. Of a pin (8 bytes): number, author, board, picture (8 bytes each); the number alone if it was
--     taken out. 's' and a source: number, f (followed), x (large) or - (not), and + if there is any such of a board
--     ('B'), else a space. 'l' and a board: number, and 1 (left out) or 0. 'r': in which run of Redis it was built.
--     'b': who builds it. 'p': it is not for long. 'f': the floor. 'L': the large sources, 'O': the boards left out,
--     8 bytes each. 'g': the guard.
-- The guard is so long that Redis keeps both as tables from the beginning: short ones it would search from end to end.
-- Numbers are compared as doubles: texts are compared by the language of the server.
local GUARD = string.rep('.', 65)
local LOWEST, REMOVED, ENDED, SHOWN = '-9007199254740991', -9e15, -8e15, '-1e15'

local function text(number) return string.format('%.0f', number) end

local function numberOf(record) return (struct.unpack('>d', record)) end

local function stateOf(register) return register and string.sub(register, 9, 9) or '-' end

local function exists(order) return redis.call('EXISTS', order) == 1 end

local function run() return string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)') end

local function drop(order, records) redis.call('DEL', order, records) end

-- Whether pins of that author on that board belong into the feed; known keeps what was asked before.
local function wants(records, known, author, board)
  local function state(name)
    if known[name] == nil then known[name] = stateOf(redis.call('HGET', records, name)) end
    return known[name]
  end
  return state('s' .. board) == 'f' or (state('s' .. author) == 'f' and state('l' .. board) ~= '1')
end

local function put(order, records, pin, sequence, record)
  if redis.call('HSETNX', records, pin, record) == 0 then
    if numberOf(redis.call('HGET', records, pin)) >= numberOf(record) then return end
    redis.call('HSET', records, pin, record)
  end
  redis.call('ZADD', order, sequence, pin)
end

-- Puts pins from ARGV that are wanted: pin, sequence, record; and again. Without those that are older than when their
-- source has come, by its number if it is among newer, and did not come with it.
local function putWanted(order, records, first, newer)
  local isBuilding, known = redis.call('HEXISTS', records, 'b') == 1, {}
  for i = first, #ARGV, 3 do
    local record = ARGV[i + 2]
    local author, board = string.sub(record, 9, 16), string.sub(record, 17, 24)
    local isGone = math.max(newer[author] or 0, newer[board] or 0) > numberOf(record)
      and redis.call('HEXISTS', records, ARGV[i]) == 0
    if not isGone and (isBuilding or wants(records, known, author, board)) then
      put(order, records, ARGV[i], ARGV[i + 1], record)
    end
  end
end

local function forget(order, records, names)
  for first = 1, #names, 1000 do
    local last = math.min(first + 999, #names)
    redis.call('HDEL', records, unpack(names, first, last))
    redis.call('ZREM', order, unpack(names, first, last))
  end
end

-- A feed may have been read when its owner was not among the source's followers yet: who went before that was told to
-- these alone. What the source has is in ARGV.
local function forgetGone(order, records, source, isBoard, number, floor, first)
  local there, gone, at = {}, {}, isBoard and 17 or 9
  for i = first, #ARGV, 3 do there[ARGV[i]] = true end
  local pins = redis.call('ZRANGEBYSCORE', order, floor == '' and SHOWN or '(' .. floor, '+inf')
  for first = 1, #pins, 1000 do
    local last = math.min(first + 999, #pins)
    for i, record in ipairs(redis.call('HMGET', records, unpack(pins, first, last))) do
      local pin = pins[first + i - 1]
      if record and not there[pin] and numberOf(record) < numberOf(number)
        and string.sub(record, at, at + 7) == source then
        gone[#gone + 1] = pin
      end
    end
  end
  forget(order, records, gone)
end

local function takeOutUnwanted(order, records)
  local pins, unwanted, known = redis.call('ZRANGEBYSCORE', order, SHOWN, '+inf'), {}, {}
  for first = 1, #pins, 1000 do
    local last = math.min(first + 999, #pins)
    local found = redis.call('HMGET', records, unpack(pins, first, last))
    for i, record in ipairs(found) do
      if not record or not wants(records, known, string.sub(record, 9, 16), string.sub(record, 17, 24)) then
        unwanted[#unwanted + 1] = pins[first + i - 1]
      end
    end
  end
  forget(order, records, unwanted)
end

local function raise(records, floor)
  local there = redis.call('HGET', records, 'f')
  if floor ~= '' and (not there or tonumber(there) < tonumber(floor)) then redis.call('HSET', records, 'f', floor) end
end

-- Of what was taken out since, only so much is remembered, and only so long.
local function forgetOld(order, records, since, now)
  local first, last = text(since), text(since + 9e14)
  if redis.call('ZCOUNT', order, first, last) <= $max + $max / 10 then return end
  forget(order, records, redis.call('ZRANGEBYSCORE', order, first, '(' .. text(since + now - $remembersMs)))
  local tooMany = redis.call('ZCOUNT', order, first, last) - $max
  if tooMany > 0 then
    forget(order, records, redis.call('ZRANGEBYSCORE', order, first, last, 'LIMIT', 0, tooMany))
  end
end

-- Cuts off what is too much, once it is a tenth too much.
local function trim(order, records, now)
  if redis.call('ZCARD', order) <= $max + $max / 10 then return end
  forgetOld(order, records, REMOVED, now)
  forgetOld(order, records, ENDED, now)
  local shown = redis.call('ZCOUNT', order, SHOWN, '+inf')
  if shown > $max + $max / 10 then
    local lowest = redis.call('ZRANGEBYSCORE', order, SHOWN, '+inf', 'LIMIT', 0, shown - $max)
    raise(records, redis.call('ZSCORE', order, lowest[#lowest]))
    forget(order, records, lowest)
  end
end

-- A feed that was cut off, and of which too little is left, is read anew.
local function mend(order, records)
  local floor = redis.call('HMGET', records, 'f', 'b')
  if floor[1] and not floor[2] and redis.call('ZCOUNT', order, '(' .. floor[1], '+inf') < $min then
    drop(order, records)
  end
end

-- From now on boards have to be asked about, which most feeds need not.
local function askAboutBoards(records)
  if redis.call('HSETNX', records, 'B', '1') == 0 then return end
  for _, name in ipairs(redis.call('HKEYS', records)) do
    if #name == 9 and string.sub(name, 1, 1) == 's' then
      redis.call('HSET', records, name, string.sub(redis.call('HGET', records, name), 1, 9) .. '+')
    end
  end
end

local function sourceRegister(records, number, state)
  return number .. state .. (redis.call('HEXISTS', records, 'B') == 1 and '+' or ' ')
end

-- Puts an id into one of the lists of ids, or takes it out.
local function list(records, name, id, isIn)
  local ids, kept = redis.call('HGET', records, name) or '', {}
  for i = 1, #ids, 8 do
    local other = string.sub(ids, i, i + 7)
    if other ~= id then kept[#kept + 1] = other end
  end
  if isIn then kept[#kept + 1] = id end
  redis.call('HSET', records, name, table.concat(kept))
end
