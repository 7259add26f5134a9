-- KEYS: order, records; and again. ARGV: now, author, 1 to look whether it is too much, how many boards, the boards;
-- then pin, which of the boards, sequence, record; and again.
local call, now, author, boards = redis.call, tonumber(ARGV[1]), 's' .. ARGV[2], tonumber(ARGV[4])
local asked = { 'b', author }
for i = 1, boards do
  asked[#asked + 1] = 's' .. ARGV[4 + i]
  asked[#asked + 1] = 'l' .. ARGV[4 + i]
end
local pins, places, sequences, entries = {}, {}, {}, {}
for e = 5 + boards, #ARGV, 4 do
  local i = #pins + 1
  pins[i], places[i], sequences[i], entries[i] = ARGV[e], 2 * tonumber(ARGV[e + 1]), ARGV[e + 2], ARGV[e + 3]
end

-- Adds by what the feed says of the author and each board. False: it was dropped.
local function addWanted(order, records)
  local found = call('HMGET', records, unpack(asked))
  local ofAuthor = stateOf(found[2])
  for i, pin in ipairs(pins) do
    local ofBoard, isLeftOut = stateOf(found[places[i] + 1]), stateOf(found[places[i] + 2]) == '1'
    if found[1] or ofBoard == 'f' or (ofAuthor == 'f' and not isLeftOut) then
      put(order, records, pin, sequences[i], entries[i])
    elseif ofBoard == 'x' or (ofAuthor == 'x' and not isLeftOut) then
      drop(order, records)
      return false
    else
      local there = call('HGET', records, pin)
      if there and numberOf(there) < numberOf(entries[i]) then forget(order, records, { pin }) end
    end
  end
  return true
end

for k = 1, #KEYS, 2 do
  local order, records = KEYS[k], KEYS[k + 1]
  local register = call('HGET', records, author)
  local isThere = true
  if register and string.sub(register, 9) == 'f ' then
    for i, pin in ipairs(pins) do put(order, records, pin, sequences[i], entries[i]) end
  else
    isThere = addWanted(order, records)
  end
  if isThere and ARGV[3] == '1' then trim(order, records, now) end
end
