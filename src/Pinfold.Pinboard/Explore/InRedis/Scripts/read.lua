-- Pin, how hot, record; and again. Nothing at all while it was never read from the shards.
if redis.call('HEXISTS', state, 'r') == 0 then return false end
local answer = {}
local sorted = redis.call('ZREVRANGE', order, 0, -1, 'WITHSCORES')
for i = 1, #sorted, 2 do
  local record = redis.call('HGET', records, sorted[i])
  if record then
    answer[#answer + 1] = sorted[i]
    answer[#answer + 1] = string.format('%.0f', tonumber(sorted[i + 1]))
    answer[#answer + 1] = record
  end
end
return answer
