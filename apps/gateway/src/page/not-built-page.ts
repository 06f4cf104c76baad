// What a person sees where the dashboard should be and is not: the services work without it.

export const notBuiltPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Longwave</title></head>
<body>
<h1>Longwave is here, its dashboard is not</h1>
<p>The dashboard has not been built. <code>npm start</code> builds it, and so does
<code>npx turbo run build --filter=@longwave/dashboard</code>; <code>DASHBOARD_DIRECTORY</code> says where to look.</p>
<p>The services can be used without it:</p>
<ul>
<li><a href="/steering/docs">steering</a></li>
<li><a href="/resolver/docs">resolver</a></li>
<li><a href="/audit-log/docs">audit-log</a></li>
<li><a href="/sse-proxy/docs">sse-proxy</a></li>
<li><a href="/gateway/health/ready">how they are</a></li>
</ul>
</body>
</html>
`;
