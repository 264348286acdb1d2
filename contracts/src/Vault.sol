// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { ERC2771Context } from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import { IStake } from "./interfaces/IStake.sol";
import { IVault } from "./interfaces/IVault.sol";
import { IVerifierPool } from "./interfaces/IVerifierPool.sol";
import { Accounts, Kind, Reasons } from "./libraries/Accounts.sol";
import { Genesis, Wiring } from "./libraries/Wiring.sol";

/// @notice See IVault.
/// @dev Always holds: the sum of all accounts, BURN included, equals the tokens that this contract has. What an agent has
///      bonded is its free stake and the pledges that came out of it, and Stake is told of every change of that sum: a
///      pledge account knows whose stake is in it, so no module can lose or return a pledge without the votes following.
///      Tokens sent here without `deposit` belong to nobody and move nothing.
contract Vault is IVault, ERC2771Context {
    using SafeERC20 for IERC20;

    IERC20 internal immutable CREDIT;
    IStake internal immutable STAKE;
    IVerifierPool internal immutable VERIFIER_POOL;
    address internal immutable DISPUTES;

    /// @dev One word: what the account holds and, while it is a bid's lock or a pledge, the agent whose stake that is (0: it
    ///      came from elsewhere).
    struct Account {
        uint192 held;
        uint64 agentId;
    }

    mapping(bytes32 account => Account) internal _accounts;
    mapping(address module => uint256 kinds) internal _debitable;

    constructor(Wiring memory wiring, Genesis memory genesis) ERC2771Context(wiring.forwarder) {
        CREDIT = IERC20(wiring.credit);
        STAKE = IStake(wiring.stake);
        VERIFIER_POOL = IVerifierPool(wiring.verifierPool);
        DISPUTES = wiring.disputes;
        // What a module never takes from it may not: test/vault/LeastPrivilege.t.sol compares this table with what they do.
        _debitable[wiring.stake] = _kinds(Kind.CREDIT) | _kinds(Kind.STAKE) | _kinds(Kind.UNBONDING);
        _debitable[wiring.taskMarket] = _kinds(Kind.CREDIT) | _kinds(Kind.TASK) | _kinds(Kind.BID) | _kinds(Kind.STAKE)
            | _kinds(Kind.AT_RISK) | _kinds(Kind.WORKFLOW);
        _debitable[wiring.dataLeases] = _kinds(Kind.CREDIT) | _kinds(Kind.LEASE) | _kinds(Kind.AT_RISK);
        _debitable[wiring.verifierPool] = _kinds(Kind.STAKE);
        _debitable[wiring.disputes] =
            _kinds(Kind.CREDIT) | _kinds(Kind.STAKE) | _kinds(Kind.AT_RISK) | _kinds(Kind.DISPUTE);
        _debitable[wiring.bounties] =
            _kinds(Kind.CREDIT) | _kinds(Kind.STAKE) | _kinds(Kind.BOUNTY) | _kinds(Kind.AT_RISK);
        _debitable[wiring.channels] = _kinds(Kind.CREDIT) | _kinds(Kind.CHANNEL);
        _debitable[wiring.guilds] = _kinds(Kind.CREDIT) | _kinds(Kind.GUILD);
        _debitable[wiring.workflows] = _kinds(Kind.CREDIT) | _kinds(Kind.WORKFLOW);
        _debitable[wiring.checkpoints] = _kinds(Kind.STAKE) | _kinds(Kind.AT_RISK);
        _debitable[wiring.rewards] =
            _kinds(Kind.STAKE) | _kinds(Kind.REWARD) | _kinds(Kind.AT_RISK) | _kinds(Kind.TREASURY);
        _debitable[wiring.treasury] = _kinds(Kind.TREASURY);
        _debitable[wiring.governor] = _kinds(Kind.CREDIT) | _kinds(Kind.PROPOSAL);

        // The token's constructor has minted the treasury's part to this address.
        if (genesis.treasurySupply != 0) {
            _accounts[Accounts.TREASURY].held = SafeCast.toUint192(genesis.treasurySupply);
            emit Moved(
                Accounts.external_(wiring.credit),
                Accounts.TREASURY,
                bytes32(0),
                genesis.treasurySupply,
                Reasons.DEPOSIT
            );
        }
    }

    /// @inheritdoc IVault
    function deposit(uint256 amount) external {
        _deposit(_msgSender(), amount);
    }

    /// @inheritdoc IVault
    function depositFor(address holder, uint256 amount) external {
        require(holder != address(0), ZeroRecipient());
        _depositFor(_msgSender(), holder, amount);
    }

    /// @inheritdoc IVault
    function depositWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        address holder = _msgSender();
        // A permit that somebody else has already brought on chain is as good: the allowance decides.
        try IERC20Permit(address(CREDIT)).permit(holder, address(this), amount, deadline, v, r, s) { } catch { }
        _deposit(holder, amount);
    }

    /// @inheritdoc IVault
    function withdraw(uint256 amount, address recipient) external {
        require(recipient != address(0), ZeroRecipient());
        address holder = _msgSender();
        _debit(Accounts.credit(holder), Kind.CREDIT, amount, Kind.EXTERNAL);
        emit Moved(
            Accounts.credit(holder),
            Accounts.external_(recipient),
            bytes32(uint256(uint160(holder))),
            amount,
            Reasons.WITHDRAW
        );
        CREDIT.safeTransfer(recipient, amount);
    }

    /// @inheritdoc IVault
    function move(bytes32 from, bytes32 to, bytes32 ref, uint256 amount, uint8 reason) external {
        Kind source = Accounts.kindOf(from);
        Kind target = Accounts.kindOf(to);
        require(_debitable[msg.sender] & _kinds(source) != 0, NotAuthorized(msg.sender, from));
        require(target != Kind.EXTERNAL, NotAuthorized(msg.sender, to));
        if (source == Kind.STAKE) _requireNoEvasion(Accounts.idOf(from));
        uint256 giver = _debit(from, source, amount, target);
        uint256 taker = _credit(to, target, amount, source, giver);
        emit Moved(from, to, ref, amount, reason);
        // Between an agent's free stake and its pledges nothing is won or lost.
        if (giver == taker) return;
        if (giver != 0) STAKE.stakeMoved(giver, amount, false);
        if (taker != 0) STAKE.stakeMoved(taker, amount, true);
    }

    /// @inheritdoc IVault
    function balanceOf(bytes32 account) external view returns (uint256) {
        return _accounts[account].held;
    }

    /// @inheritdoc IVault
    function pledgerOf(bytes32 account) external view returns (uint256) {
        return _accounts[account].agentId;
    }

    /// @inheritdoc IVault
    function debitableKinds(address module) external view returns (uint256) {
        return _debitable[module];
    }

    /// @dev Once the seed is known a verifier could choose to be too poor for its seat, by a bid or any other lock. Only what
    ///      the court takes, and slashes, may leave a member's stake then (Stake asks for itself before an unbonding).
    function _requireNoEvasion(uint256 agentId) private view {
        if (msg.sender == DISPUTES || msg.sender == address(STAKE)) return;
        if (VERIFIER_POOL.isMember(agentId)) VERIFIER_POOL.requireThawed();
    }

    function _deposit(address holder, uint256 amount) private {
        _depositFor(holder, holder, amount);
    }

    function _depositFor(address payer, address holder, uint256 amount) private {
        require(amount != 0, NothingToMove());
        bytes32 account = Accounts.credit(holder);
        _accounts[account].held += SafeCast.toUint192(amount);
        emit Moved(Accounts.external_(payer), account, bytes32(uint256(uint160(payer))), amount, Reasons.DEPOSIT);
        CREDIT.safeTransferFrom(payer, address(this), amount);
    }

    /// @return giver Whose bonded stake left the account; 0 = nobody's.
    function _debit(bytes32 account, Kind kind, uint256 amount, Kind target) internal returns (uint256 giver) {
        require(amount != 0, NothingToMove());
        Account memory found = _accounts[account];
        require(found.held >= amount, InsufficientBalance(account, amount, found.held));
        giver = kind == Kind.STAKE ? Accounts.idOf(account) : found.agentId;
        unchecked {
            found.held -= uint192(amount);
        }
        // An emptied pledge is nobody's, unless the court has it, which may give it back.
        if (found.held == 0 && target != Kind.DISPUTE) found.agentId = 0;
        _accounts[account] = found;
    }

    /// @return taker Whose bonded stake came into the account; 0 = nobody's.
    function _credit(bytes32 account, Kind kind, uint256 amount, Kind source, uint256 giver)
        internal
        returns (uint256 taker)
    {
        Account memory found = _accounts[account];
        // An empty pledge becomes its next giver's; what the court gives back is whose it was.
        if ((kind == Kind.BID || kind == Kind.AT_RISK) && found.held == 0 && source != Kind.DISPUTE) {
            found.agentId = uint64(giver);
        }
        found.held += uint192(amount);
        _accounts[account] = found;
        taker = kind == Kind.STAKE ? Accounts.idOf(account) : found.agentId;
    }

    function _kinds(Kind kind) private pure returns (uint256) {
        return 1 << uint8(kind);
    }
}
