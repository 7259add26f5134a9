-- KEYS: order, records; and again. ARGV: now, author, how many boards, the boards; then pin, which of the boards,
-- sequence, record; and again.
local now, author, boards = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local asked = { 'b', 's' .. author }
for i = 1, boards do
  asked[#asked + 1] = 's' .. ARGV[3 + i]
  asked[#asked + 1] = 'l' .. ARGV[3 + i]
end
for k = 1, #KEYS, 2 do
  local order, records = KEYS[k], KEYS[k + 1]
  local found, isAdded = redis.call('HMGET', records, unpack(asked)), false
  local ofAuthor = stateOf(found[2])
  for e = 4 + boards, #ARGV, 4 do
    local i = 2 * tonumber(ARGV[e + 1])
    local ofBoard, isLeftOut = stateOf(found[i + 1]), stateOf(found[i + 2]) == '1'
    if found[1] or ofBoard == 'f' or (ofAuthor == 'f' and not isLeftOut) then
      put(order, records, ARGV[e], ARGV[e + 2], ARGV[e + 3])
      isAdded = true
    elseif ofBoard == 'x' or (ofAuthor == 'x' and not isLeftOut) then
      drop(order, records)
      isAdded = false
      break
    else
      local there = redis.call('HGET', records, ARGV[e])
      if there and numberOf(there) < numberOf(ARGV[e + 3]) then forget(order, records, { ARGV[e] }) end
    end
  end
  if isAdded then trim(order, records, now) end
end
