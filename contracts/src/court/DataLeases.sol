// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { IAgentRegistry } from "../interfaces/IAgentRegistry.sol";
import { DataLease, Dataset, IDataLeases, LeaseState, Renewal } from "../interfaces/IDataLeases.sol";
import { Challenge, IDisputable } from "../interfaces/IDisputable.sol";
import { Accounts, Pledge, Reasons } from "../libraries/Accounts.sol";
import { Keys } from "../libraries/Keys.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @notice See IDataLeases.
/// @dev Always holds: a lease's account has what its owner can still earn plus a pending renewal, and nothing once it has ended;
///      the owner earns by the second and never by ending; the deposit outlives the lease by seven days, or by its dispute;
///      what was spent of a privacy budget never passes it by a spend.
contract DataLeases is IDataLeases, IDisputable, Module {
    uint8 internal constant KIND = 5;
    uint8 internal constant DENIED = 1;
    uint8 internal constant REVOKED = 2;
    uint8 internal constant RELEASED = 3;
    uint8 internal constant EXPIRED = 4;
    uint8 internal constant SUPERSEDED = 5;
    uint8 internal constant BREACH = 6;
    uint8 internal constant SPLIT = 7;

    uint8 internal constant REJECTED = 1;
    uint8 internal constant UPHELD = 2;
    uint8 internal constant WITHDRAWN = 2;

    uint8 internal constant TAKEN_BACK = 1;
    uint8 internal constant REFUSED = 2;
    uint8 internal constant UNANSWERED = 3;

    uint256 internal constant BPS = 10_000;
    /// @dev A fifth, as the deposit: the least that leaving early costs whoever has seen the data.
    uint16 internal constant LEAST_SHARE = 2_000;
    uint256 internal constant LEAST_DEPOSIT = 10e18;
    uint256 internal constant DEPOSIT_PARTS = 5;
    uint64 internal constant DEPOSIT_HELD = 7 days;
    uint256 internal constant HIGHEST_PRICE = type(uint120).max;
    uint64 internal constant SHORTEST = 60;
    uint64 internal constant LONGEST = 3650 days;
    uint64 internal constant LONGEST_REQUEST = 30 days;

    address internal immutable DISPUTES;

    uint256 internal _leaseCount;
    mapping(bytes32 datasetId => Dataset) internal _datasets;
    mapping(bytes32 datasetId => mapping(uint32 version => uint64)) internal _superseded;
    mapping(uint256 leaseId => DataLease) internal _leases;
    mapping(uint256 leaseId => Renewal) internal _renewals;

    constructor(Wiring memory wiring, Genesis memory) Module(wiring, "dataLeases") {
        DISPUTES = wiring.disputes;
    }

    /// @inheritdoc IDataLeases
    function setManifest(uint256 ownerAgentId, bytes32 name, bytes32 manifestHash, string calldata uri)
        external
        returns (bytes32 datasetId)
    {
        // Withdrawing consent is a right: no breaker stands before it.
        REGISTRY.requireActor(ownerAgentId, _msgSender());
        require(manifestHash != 0, ZeroManifest());
        datasetId = datasetIdOf(ownerAgentId, name);
        uint32 version = _setManifest(datasetId, ownerAgentId, manifestHash);
        emit ConsentManifestSet(datasetId, ownerAgentId, manifestHash, version, uri);
    }

    /// @inheritdoc IDataLeases
    function setBudget(bytes32 datasetId, uint64 microEpsilon) external {
        _requireDataOwner(datasetId);
        _datasets[datasetId].budget = microEpsilon;
        emit PrivacyBudgetSet(datasetId, microEpsilon);
    }

    /// @inheritdoc IDataLeases
    function request(
        bytes32 datasetId,
        uint256 granteeId,
        bytes32 manifestHash,
        bytes32 purposeHash,
        uint256 price,
        uint16 leastBps,
        uint64 ttl,
        uint64 requestUntil
    ) external opening returns (uint256 leaseId) {
        address caller = _msgSender();
        REGISTRY.requireActor(granteeId, caller);
        Dataset storage dataset = _datasets[datasetId];
        require(dataset.version != 0, UnknownDataset(datasetId));
        require(dataset.manifestHash == manifestHash, OtherManifest(datasetId, dataset.manifestHash));
        _requireTerms(price, ttl, requestUntil);
        require(leastBps >= LEAST_SHARE && leastBps <= BPS, OutsideTerms("leastBps", leastBps, LEAST_SHARE, BPS));
        leaseId = ++_leaseCount;
        DataLease storage lease = _leases[leaseId];
        lease.state = LeaseState.REQUESTED;
        lease.feeBps = uint16(PARAMETERS.get(Keys.PROTOCOL_FEE));
        lease.version = dataset.version;
        lease.leastBps = leastBps;
        lease.granteeId = uint64(granteeId);
        lease.requestUntil = requestUntil;
        lease.ttl = ttl;
        lease.price = uint128(price);
        lease.deposit = uint128(depositFor(price));
        lease.datasetId = datasetId;
        _emitRequested(leaseId, lease, purposeHash);
        emit DataLeaseLeastSet(leaseId, leastBps);
        REGISTRY.lock(granteeId);
        _move(Accounts.credit(caller), Accounts.lease(leaseId), leaseId, price, Reasons.LEASE_PRICE);
        _move(Accounts.credit(caller), _pledge(leaseId), leaseId, lease.deposit, Reasons.LEASE_DEPOSIT);
    }

    /// @inheritdoc IDataLeases
    function requestRenewal(uint256 leaseId, uint256 price, uint64 ttl, uint64 requestUntil) external opening {
        DataLease storage lease = _requireState(leaseId, LeaseState.ACTIVE);
        address caller = _requireGrantee(lease);
        _requireTerms(price, ttl, requestUntil);
        uint64 expiresAt = lease.start + lease.ttl;
        _requireBefore(expiresAt);
        Renewal storage asked = _renewals[leaseId];
        if (asked.ttl != 0) {
            require(!_before(asked.requestUntil), RenewalPending(leaseId));
            _endRenewal(leaseId, lease, UNANSWERED);
        }
        require(lease.disputeId == 0, UnderDispute(leaseId, lease.disputeId));
        require(lease.price + price <= HIGHEST_PRICE, OutsideTerms("price", price, 1, HIGHEST_PRICE - lease.price));
        _renewals[leaseId] = Renewal(ttl, requestUntil, uint128(price));
        uint256 before = lease.deposit;
        lease.deposit = uint128(Math.max(before, depositFor(lease.price + price)));
        emit DataLeaseRenewalRequested(leaseId, ttl, requestUntil, price, lease.deposit);
        _move(Accounts.credit(caller), Accounts.lease(leaseId), leaseId, price, Reasons.LEASE_PRICE);
        _move(Accounts.credit(caller), _pledge(leaseId), leaseId, lease.deposit - before, Reasons.LEASE_DEPOSIT);
    }

    /// @inheritdoc IDataLeases
    function endRenewal(uint256 leaseId) external {
        DataLease storage lease = _requireState(leaseId, LeaseState.ACTIVE);
        Renewal storage asked = _renewals[leaseId];
        require(asked.ttl != 0, NoRenewal(leaseId));
        address caller = _msgSender();
        if (REGISTRY.mayAct(lease.granteeId, caller)) return _endRenewal(leaseId, lease, TAKEN_BACK);
        if (REGISTRY.mayAct(_datasets[lease.datasetId].ownerAgentId, caller)) {
            return _endRenewal(leaseId, lease, REFUSED);
        }
        _requireFrom(asked.requestUntil);
        _requireTimeouts();
        _endRenewal(leaseId, lease, UNANSWERED);
    }

    /// @inheritdoc IDataLeases
    function grant(uint256 leaseId) external {
        DataLease storage lease = _leases[leaseId];
        _requireDataOwner(lease.datasetId);
        Dataset storage dataset = _datasets[lease.datasetId];
        if (lease.state == LeaseState.REQUESTED) {
            _requireBefore(lease.requestUntil);
            // The grantee asked under a manifest that it has read: nobody can put another one in its place.
            _requireCurrent(leaseId, lease);
            lease.state = LeaseState.ACTIVE;
            lease.start = _now();
            emit DataLeaseGranted(leaseId, dataset.manifestHash, lease.start + lease.ttl);
        } else {
            _renew(leaseId, lease, dataset);
        }
    }

    /// @inheritdoc IDataLeases
    function deny(uint256 leaseId, bytes32 evidenceHash) external {
        DataLease storage lease = _requireState(leaseId, LeaseState.REQUESTED);
        _requireDataOwner(lease.datasetId);
        _end(leaseId, lease, DENIED, evidenceHash);
    }

    /// @inheritdoc IDataLeases
    function revoke(uint256 leaseId, bytes32 evidenceHash) external {
        DataLease storage lease = _requireState(leaseId, LeaseState.ACTIVE);
        _requireDataOwner(lease.datasetId);
        _end(leaseId, lease, REVOKED, evidenceHash);
    }

    /// @inheritdoc IDataLeases
    function release(uint256 leaseId) external {
        DataLease storage lease = _leases[leaseId];
        bool open = lease.state == LeaseState.REQUESTED || lease.state == LeaseState.ACTIVE;
        require(open, WrongLeaseState(leaseId, lease.state));
        _requireGrantee(lease);
        _end(leaseId, lease, RELEASED, 0);
    }

    /// @inheritdoc IDataLeases
    function endLease(uint256 leaseId) external timeout {
        DataLease storage lease = _leases[leaseId];
        if (lease.state == LeaseState.REQUESTED) {
            _requireFrom(lease.requestUntil);
            return _end(leaseId, lease, EXPIRED, 0);
        }
        require(lease.state == LeaseState.ACTIVE, WrongLeaseState(leaseId, lease.state));
        bool superseded = _superseded[lease.datasetId][lease.version] != 0;
        if (!superseded) _requireFrom(lease.start + lease.ttl);
        _end(leaseId, lease, superseded ? SUPERSEDED : EXPIRED, 0);
    }

    /// @inheritdoc IDataLeases
    function releaseDeposit(uint256 leaseId) external timeout {
        DataLease storage lease = _requireState(leaseId, LeaseState.ENDED);
        require(lease.disputeId == 0, UnderDispute(leaseId, lease.disputeId));
        if (!lease.ruled) _requireFrom(lease.endedAt + DEPOSIT_HELD);
        _close(leaseId, lease);
    }

    /// @inheritdoc IDataLeases
    function spend(uint256 leaseId, uint64 microEpsilon) external {
        DataLease storage lease = _requireState(leaseId, LeaseState.ACTIVE);
        bytes32 datasetId = lease.datasetId;
        _requireDataOwner(datasetId);
        _requireInForce(leaseId, lease);
        Dataset storage dataset = _datasets[datasetId];
        uint256 wanted = uint256(dataset.spent) + microEpsilon;
        require(wanted <= dataset.budget, BudgetExceeded(datasetId, wanted, dataset.budget));
        dataset.spent = uint64(wanted);
        emit PrivacySpent(datasetId, leaseId, microEpsilon, uint64(wanted));
    }

    /// @inheritdoc IDisputable
    function challenge(uint256 leaseId, uint8 kind, uint256 disputeId, uint256 challengerId, address challenger)
        external
        returns (Challenge memory)
    {
        require(msg.sender == DISPUTES, OnlyModule(msg.sender));
        require(kind == KIND, WrongKind(kind));
        DataLease storage lease = _leases[leaseId];
        bool held = lease.state == LeaseState.ACTIVE || lease.state == LeaseState.ENDED;
        require(held, WrongLeaseState(leaseId, lease.state));
        require(lease.disputeId == 0, UnderDispute(leaseId, lease.disputeId));
        require(!lease.ruled, AlreadyRuled(leaseId));
        if (lease.state == LeaseState.ENDED) _requireBefore(lease.endedAt + DEPOSIT_HELD);
        uint256 ownerAgentId = _datasets[lease.datasetId].ownerAgentId;
        address owner = REGISTRY.ownerOf(ownerAgentId);
        bool own = challengerId == 0 ? challenger == owner : challengerId == ownerAgentId;
        require(own, OnlyDataOwner(lease.datasetId, challenger));
        lease.disputeId = uint64(disputeId);
        emit DataLeaseDisputed(leaseId, disputeId);
        uint256 bond = (uint256(lease.deposit / 2) * 20 + 9) / 10;
        return Challenge(lease.granteeId, owner, _pledge(leaseId), bond, false);
    }

    /// @inheritdoc IDisputable
    /// @dev Rejected: the lease goes on and cannot be challenged again. Taken back: it can. Otherwise it ends now, and what the
    ///      court left of the deposit goes home.
    function rule(uint256 leaseId, uint8, uint256, uint8 ruling, uint8 cause, uint256) external {
        require(msg.sender == DISPUTES, OnlyModule(msg.sender));
        DataLease storage lease = _leases[leaseId];
        lease.disputeId = 0;
        if (ruling == REJECTED) {
            lease.ruled = cause != WITHDRAWN;
            emit DataLeaseCleared(leaseId, lease.ruled);
            return;
        }
        lease.ruled = true;
        if (lease.state == LeaseState.ACTIVE) {
            _end(leaseId, lease, ruling == UPHELD ? BREACH : SPLIT, 0);
        }
        _close(leaseId, lease);
    }

    /// @inheritdoc IDataLeases
    function datasetIdOf(uint256 ownerAgentId, bytes32 name) public pure returns (bytes32) {
        return keccak256(abi.encode(ownerAgentId, name));
    }

    /// @inheritdoc IDataLeases
    function datasetOf(bytes32 datasetId) external view returns (Dataset memory) {
        return _datasets[datasetId];
    }

    /// @inheritdoc IDataLeases
    function leaseOf(uint256 leaseId) external view returns (DataLease memory) {
        return _leases[leaseId];
    }

    /// @inheritdoc IDataLeases
    function renewalOf(uint256 leaseId) external view returns (Renewal memory) {
        return _renewals[leaseId];
    }

    /// @inheritdoc IDataLeases
    function leaseCount() external view returns (uint256) {
        return _leaseCount;
    }

    /// @inheritdoc IDataLeases
    function supersededAt(bytes32 datasetId, uint32 version) external view returns (uint64) {
        return _superseded[datasetId][version];
    }

    /// @inheritdoc IDataLeases
    function accruedAt(uint256 leaseId, uint64 time) external view returns (uint256) {
        return _accrued(_leases[leaseId], time);
    }

    /// @inheritdoc IDataLeases
    function depositFor(uint256 price) public pure returns (uint256) {
        return Math.max(LEAST_DEPOSIT, price / DEPOSIT_PARTS);
    }

    function _setManifest(bytes32 datasetId, uint256 ownerAgentId, bytes32 manifestHash)
        internal
        returns (uint32 version)
    {
        Dataset storage dataset = _datasets[datasetId];
        if (dataset.version != 0) _superseded[datasetId][dataset.version] = _now();
        version = ++dataset.version;
        dataset.ownerAgentId = uint64(ownerAgentId);
        dataset.manifestHash = manifestHash;
        dataset.since = _now();
    }

    /// @dev Pays what accrued, then starts anew: the rest of the price and of the time, and both of the renewal.
    function _renew(uint256 leaseId, DataLease storage lease, Dataset storage dataset) private {
        require(lease.state == LeaseState.ACTIVE, WrongLeaseState(leaseId, lease.state));
        Renewal memory asked = _renewals[leaseId];
        require(asked.ttl != 0, NoRenewal(leaseId));
        _requireBefore(asked.requestUntil);
        require(lease.disputeId == 0, UnderDispute(leaseId, lease.disputeId));
        _requireInForce(leaseId, lease);
        uint256 accrued = _applyRenewal(leaseId, lease);
        emit DataLeaseGranted(leaseId, dataset.manifestHash, lease.start + lease.ttl);
        _payOwner(leaseId, lease, accrued);
    }

    function _applyRenewal(uint256 leaseId, DataLease storage lease) internal returns (uint256 accrued) {
        Renewal memory asked = _renewals[leaseId];
        delete _renewals[leaseId];
        uint64 time = _now();
        accrued = _accrued(lease, time);
        uint64 rest = lease.start + lease.ttl > time ? lease.start + lease.ttl - time : 0;
        lease.price = uint128(lease.price - accrued + asked.price);
        lease.ttl = rest + asked.ttl;
        lease.start = time;
    }

    /// @dev Gives the price of the renewal back. What the deposit grew by stays: it covers the next one, and comes home in the end.
    function _endRenewal(uint256 leaseId, DataLease storage lease, uint8 cause) private {
        uint256 price = _renewals[leaseId].price;
        delete _renewals[leaseId];
        emit DataLeaseRenewalEnded(leaseId, cause);
        _move(Accounts.lease(leaseId), _granteeHome(lease), leaseId, price, Reasons.REFUND);
    }

    function _requireTimeouts() private view timeout { }

    /// @dev The owner has what accrued, the grantee the rest. A request that never was granted gives the deposit back at once.
    function _end(uint256 leaseId, DataLease storage lease, uint8 cause, bytes32 evidenceHash) private {
        bool granted = lease.state == LeaseState.ACTIVE;
        _finish(leaseId, lease, cause);
        emit DataLeaseEnded(leaseId, cause, evidenceHash);
        _payOwner(leaseId, lease, _earned(lease, cause));
        bytes32 account = Accounts.lease(leaseId);
        _move(account, _granteeHome(lease), leaseId, VAULT.balanceOf(account), Reasons.REFUND);
        if (!granted) _close(leaseId, lease);
    }

    function _finish(uint256 leaseId, DataLease storage lease, uint8 cause) internal {
        lease.endedAt = _endedAt(lease);
        lease.state = LeaseState.ENDED;
        lease.cause = cause;
        delete _renewals[leaseId];
    }

    function _close(uint256 leaseId, DataLease storage lease) private {
        lease.state = LeaseState.CLOSED;
        emit DataLeaseClosed(leaseId);
        bytes32 account = _pledge(leaseId);
        _move(account, _granteeHome(lease), leaseId, VAULT.balanceOf(account), Reasons.REFUND);
        REGISTRY.unlock(lease.granteeId);
    }

    function _payOwner(uint256 leaseId, DataLease storage lease, uint256 accrued) private {
        uint256 fee = accrued * lease.feeBps / BPS;
        bytes32 account = Accounts.lease(leaseId);
        address owner = REGISTRY.ownerOf(_datasets[lease.datasetId].ownerAgentId);
        _move(account, Accounts.TREASURY, leaseId, fee, Reasons.FEE);
        _move(account, Accounts.credit(owner), leaseId, accrued - fee, Reasons.PAYMENT);
    }

    function _emitRequested(uint256 leaseId, DataLease storage lease, bytes32 purposeHash) private {
        emit DataLeaseRequested(
            leaseId,
            lease.datasetId,
            lease.granteeId,
            purposeHash,
            lease.ttl,
            lease.requestUntil,
            lease.price,
            lease.deposit,
            lease.feeBps
        );
    }

    function _accrued(DataLease storage lease, uint64 time) internal view returns (uint256) {
        if (lease.start == 0 || time <= lease.start) return 0;
        return uint256(lease.price) * Math.min(time - lease.start, lease.ttl) / lease.ttl;
    }

    /// @dev Who leaves early has seen the data, and a breach must not be the cheaper way to leave: both leave the owner its least
    ///      share. It does not have that from its own doings, a revocation or a new manifest.
    function _earned(DataLease storage lease, uint8 cause) private view returns (uint256 accrued) {
        accrued = _accrued(lease, lease.endedAt);
        if (cause != RELEASED && cause != BREACH) return accrued;
        if (lease.start == 0 || _superseded[lease.datasetId][lease.version] != 0) return accrued;
        return Math.max(accrued, uint256(lease.price) * lease.leastBps / BPS);
    }

    /// @dev When the access ended, not when somebody said so: at the latest with its time, or with its consent.
    function _endedAt(DataLease storage lease) private view returns (uint64) {
        if (lease.state == LeaseState.REQUESTED) return _now();
        uint64 superseded = _superseded[lease.datasetId][lease.version];
        uint256 end = Math.min(_now(), lease.start + lease.ttl);
        return uint64(superseded == 0 ? end : Math.min(end, superseded));
    }

    function _requireInForce(uint256 leaseId, DataLease storage lease) private view {
        _requireCurrent(leaseId, lease);
        _requireBefore(lease.start + lease.ttl);
    }

    function _requireCurrent(uint256 leaseId, DataLease storage lease) private view {
        uint64 at = _superseded[lease.datasetId][lease.version];
        require(at == 0, Superseded(leaseId, at));
    }

    function _requireTerms(uint256 price, uint64 ttl, uint64 requestUntil) private view {
        require(price != 0 && price <= HIGHEST_PRICE, OutsideTerms("price", price, 1, HIGHEST_PRICE));
        require(ttl >= SHORTEST && ttl <= LONGEST, OutsideTerms("ttl", ttl, SHORTEST, LONGEST));
        uint64 soonest = _now() + SHORTEST;
        uint64 latest = _now() + LONGEST_REQUEST;
        bool inTime = requestUntil >= soonest && requestUntil <= latest;
        require(inTime, OutsideTerms("requestUntil", requestUntil, soonest, latest));
    }

    function _requireState(uint256 leaseId, LeaseState needed) private view returns (DataLease storage lease) {
        lease = _leases[leaseId];
        require(lease.state == needed, WrongLeaseState(leaseId, lease.state));
    }

    function _requireDataOwner(bytes32 datasetId) private view {
        require(_datasets[datasetId].version != 0, UnknownDataset(datasetId));
        address caller = _msgSender();
        bool may = REGISTRY.mayAct(_datasets[datasetId].ownerAgentId, caller);
        require(may, OnlyDataOwner(datasetId, caller));
    }

    function _requireGrantee(DataLease storage lease) private view returns (address caller) {
        caller = _msgSender();
        require(REGISTRY.mayAct(lease.granteeId, caller), IAgentRegistry.NotAgent(lease.granteeId, caller));
    }

    function _granteeHome(DataLease storage lease) private view returns (bytes32) {
        return Accounts.credit(REGISTRY.ownerOf(lease.granteeId));
    }

    function _pledge(uint256 leaseId) internal pure returns (bytes32) {
        return Accounts.atRisk(Pledge.LEASE_DEPOSIT, leaseId);
    }
}
